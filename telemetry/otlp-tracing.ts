// Owns making spans with OpenTelemetry and sending them over OTLP. Loaded only when tracing is on; what is traced is
// others' to say. The SDK reads the other standard variables (sampler, batches, headers, limits) by itself.
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  diag,
  DiagLogLevel,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
} from '@opentelemetry/sdk-trace-base';
import { parseTraceparent, runTrace, type TraceIds } from './run-trace';
import type { OpenSpan, RunSpan, SpanParent, SpanStart, TracedService, Tracing } from './tracing';

const kinds = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const satisfies Record<SpanStart['kind'], SpanKind>;

// Two seconds: a collector that is there takes what is left in milliseconds, and a process that stops has other things to do.
const closeMs = 2_000;

// A collector that is away for a night is told of once a minute, not with every batch of spans.
const warnEveryMs = 60_000;

export function otlpTracing(service: TracedService): Tracing {
  let warnedMs = -Infinity;
  // The exporter's own words may quote its headers: that something went wrong is all that is passed on.
  const warn = (): void => {
    if (performance.now() - warnedMs < warnEveryMs) return;
    warnedMs = performance.now();
    service.warn('traces could not be sent');
  };
  diag.setLogger(
    { error: warn, warn, info: () => undefined, debug: () => undefined, verbose: () => undefined },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const ids = new GivenIds();
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': service.name }))
      .merge(detectResources({ detectors: [envDetector] })),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  return new OtlpTracing(provider, provider.getTracer('signalsmith'), ids);
}

class OtlpTracing implements Tracing {
  readonly isOn = true;
  private readonly open = new AsyncLocalStorage<Context>();

  constructor(
    private readonly provider: BasicTracerProvider,
    private readonly tracer: Tracer,
    private readonly ids: GivenIds,
  ) {}

  async span<Result>(start: SpanStart, work: (span: OpenSpan) => Promise<Result>): Promise<Result> {
    const { name, kind, parent, linkTo, attributes } = start;
    const context = parent ? this.contextOf(parent) : (this.open.getStore() ?? ROOT_CONTEXT);
    const links: Link[] = linkTo ? [{ context: this.runRoot(linkTo.workflowId).spanContext() }] : [];
    const span = this.tracer.startSpan(name, { kind: kinds[kind], attributes, links }, context);
    try {
      return await this.open.run(trace.setSpan(context, span), () => work(openSpan(span)));
    } catch (error) {
      fail(span, codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  }

  run({ workflowId, queuedAt, completedAt, failureCode, attributes }: RunSpan): void {
    const span = this.runRoot(workflowId, queuedAt);
    span.setAttributes(attributes);
    if (failureCode !== null) fail(span, failureCode);
    span.end(completedAt);
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeMs);
    });
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }

  private contextOf(parent: SpanParent): Context {
    if ('workflowId' in parent) {
      const root = this.runRoot(parent.workflowId).spanContext();
      return trace.setSpanContext(ROOT_CONTEXT, { ...root, isRemote: true });
    }
    const caller = parseTraceparent(parent.traceparent);
    if (!caller) return ROOT_CONTEXT;
    const { traceId, spanId, isSampled } = caller;
    const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
  }

  // A span that is never ended is never sent: begun, it tells whether the sampler wants this trace, in every process alike.
  private runRoot(workflowId: string, startTime?: Date): Span {
    const start = startTime ? { root: true, startTime } : { root: true };
    return this.ids.with(runTrace(workflowId), () => this.tracer.startSpan('run', start, ROOT_CONTEXT));
  }
}

/** Random ids, but for the one span that is begun within `with`. */
class GivenIds implements IdGenerator {
  private readonly random = new RandomIdGenerator();
  private given: TraceIds | null = null;

  readonly generateTraceId = (): string => this.given?.traceId ?? this.random.generateTraceId();
  readonly generateSpanId = (): string => this.given?.spanId ?? this.random.generateSpanId();

  with<Result>(ids: TraceIds, begin: () => Result): Result {
    this.given = ids;
    try {
      return begin();
    } finally {
      this.given = null;
    }
  }
}

function openSpan(span: Span): OpenSpan {
  return {
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes),
    fail: (code) => fail(span, code),
  };
}

function fail(span: Span, code: string): void {
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

// An error's text may hold a row; its class and its type (of Temporal's failures the code) do not.
function codeOf(error: unknown): string {
  const { type, name } = error as { type?: unknown; name?: unknown };
  return typeof type === 'string' ? type : typeof name === 'string' ? name : 'unknown';
}
