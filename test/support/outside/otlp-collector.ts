// A stand-in for an OpenTelemetry collector on loopback: takes traces as JSON over HTTP and keeps them.
import { setTimeout as sleep } from 'node:timers/promises';
import { httpStub, type HttpStub } from './http-stub';

export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly events?: readonly unknown[];
}

interface WireAttribute {
  readonly key: string;
  readonly value: Record<string, unknown>;
}

export class OtlpCollector {
  private constructor(private readonly stub: HttpStub) {}

  static async start(): Promise<OtlpCollector> {
    const stub = await httpStub((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    );
    return new OtlpCollector(stub);
  }

  get url(): string {
    return this.stub.url;
  }

  /** Everything it was sent, as it came. */
  get text(): string {
    return this.stub.calls.map(({ body }) => body.toString()).join('\n');
  }

  get paths(): readonly string[] {
    return this.stub.calls.map(({ path }) => path);
  }

  get spans(): CollectedSpan[] {
    return this.stub.calls.flatMap(({ body }) => {
      const { resourceSpans } = JSON.parse(body.toString());
      return resourceSpans.flatMap(
        (one: { resource: { attributes: WireAttribute[] }; scopeSpans: { spans: CollectedSpan[] }[] }) =>
          one.scopeSpans.flatMap(({ spans }) =>
            spans.map((span) => ({
              ...span,
              service: String(plain(one.resource.attributes)['service.name']),
              attributes: plain(span.attributes as unknown as WireAttribute[]),
              links: span.links ?? [],
            })),
          ),
      );
    });
  }

  /** Waits until `enough` of them have come; batches are sent on their own time. */
  async until(enough: (spans: readonly CollectedSpan[]) => boolean): Promise<CollectedSpan[]> {
    while (!enough(this.spans)) await sleep(20);
    return this.spans;
  }

  close(): Promise<void> {
    return this.stub.close();
  }
}

function plain(attributes: readonly WireAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
