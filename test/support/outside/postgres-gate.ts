// A way to a real PostgreSQL that a test can shut: refused connections, cut ones, a server that says it is starting, and
// one that hangs: connections stay open, and not a byte passes any more.
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

/** ErrorResponse 57P03, as a server sends it that has begun to listen and not yet to serve. */
function startingUp(): Buffer {
  const fields = 'SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0';
  const message = Buffer.alloc(5 + fields.length);
  message.write('E');
  message.writeInt32BE(4 + fields.length, 1);
  message.write(fields, 5);
  return message;
}

/** Where a server begins to hang: at the first message that holds `text`, which it still gets or does not get. */
interface HangingPoint {
  readonly text: string;
  readonly delivered: boolean;
}

export class PostgresGate {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private isStarting = false;
  private hangsAt: HangingPoint | null = null;
  private hangs = false;

  private constructor(
    private readonly real: { readonly host: string; readonly port: number },
    private port: number,
    private readonly through: URL,
  ) {}

  /** An open gate to the database behind `url`. */
  static async openTo(url: string): Promise<PostgresGate> {
    const real = new URL(url);
    const gate = new PostgresGate({ host: real.hostname, port: Number(real.port) }, 0, real);
    await gate.listen();
    return gate;
  }

  /** The database through the gate. */
  get url(): string {
    const url = new URL(this.through);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** The server is gone: what is open is cut, and nobody listens. */
  async shut(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const socket of this.sockets) socket.resetAndDestroy();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Somebody listens again, and says that the database is still starting. */
  async beginStarting(): Promise<void> {
    this.isStarting = true;
    await this.listen();
  }

  /** The server serves again. */
  async open(): Promise<void> {
    this.isStarting = false;
    await this.listen();
  }

  /** From the next message on that holds `text` the server hangs, towards everybody, also towards who connects anew. */
  hangAt(text: string, { delivered = false } = {}): void {
    this.hangsAt = { text, delivered };
  }

  get isHanging(): boolean {
    return this.hangs;
  }

  /** Whoever connects from now on is served; what was swallowed stays swallowed, and its connections are of no more use. */
  stopHanging(): void {
    this.hangsAt = null;
    this.hangs = false;
  }

  private async listen(): Promise<void> {
    if (this.server) return;
    const server = net.createServer((socket) => this.connected(socket));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private connected(socket: Socket): void {
    this.keep(socket);
    if (this.isStarting) {
      socket.once('data', () => socket.end(startingUp()));
      return;
    }
    if (this.hangs) return void socket.resume();
    const onwards = net.connect(this.real);
    this.keep(onwards);
    let swallows = false;
    socket.on('data', (bytes) => {
      const point = this.hangsAt;
      const begins = !this.hangs && point !== null && bytes.includes(point.text);
      if (begins) this.hangs = true;
      if (swallows || (this.hangs && !(begins && point?.delivered))) swallows = true;
      else onwards.write(bytes);
    });
    onwards.on('data', (bytes) => {
      if (this.hangs) swallows = true;
      if (!swallows) socket.write(bytes);
    });
    socket.on('close', () => onwards.destroy());
    onwards.on('close', () => socket.destroy());
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    // A cut connection is what the gate is for.
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
  }
}
