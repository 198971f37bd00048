// Owns the question whether the destination is there and takes our credentials, asked without writing anything.
import { callEndpoint, type CallScope, type HttpEndpoint, type Judge } from './http-endpoint';
import { judgeAnswer } from './judge-answer';

/**
 * The status of a HEAD of the address rows are written to. Throws destination_auth_expired (401, 403) and
 * destination_unreachable (no answer, 5xx). Any other status is well: an address made for POST owes HEAD nothing.
 */
export async function probeAccess(endpoint: HttpEndpoint, scope: CallScope): Promise<number> {
  const { config } = endpoint;
  const call = { method: 'HEAD', url: config.url, headers: config.headers, body: null } as const;
  const { answer } = await callEndpoint(endpoint, call, 0, scope, judgeProbe);
  return answer.status;
}

const judgeProbe: Judge = (answer, config) => {
  const { status } = answer;
  const isTelling = status === 401 || status === 403 || (status >= 500 && status !== 501);
  return isTelling ? judgeAnswer(answer, config) : 'accepted';
};
