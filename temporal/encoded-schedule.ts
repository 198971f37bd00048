// Owns making the SDK encode a schedule without sending it: its own update knows no conflict token.
import { type Client, ScheduleClient, type ScheduleOptions, type WorkflowService } from '@temporalio/client';

type EncodedSchedule = Parameters<WorkflowService['createSchedule']>[0];

/** What the SDK would ask the server to create. */
export async function encodedSchedule(client: Client, options: ScheduleOptions): Promise<EncodedSchedule> {
  let encoded: EncodedSchedule | undefined;
  const workflowService = Object.create(client.workflowService, {
    createSchedule: {
      value: async (request: EncodedSchedule) => {
        encoded = request;
        return {};
      },
    },
  });
  const connection = Object.create(client.connection, { workflowService: { value: workflowService } });
  const { namespace, identity, dataConverter } = client.options;
  await new ScheduleClient({ connection, namespace, identity, dataConverter }).create(options);
  if (!encoded) throw new Error('the SDK encoded no schedule');
  return encoded;
}
