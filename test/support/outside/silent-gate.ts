// A way to a real server that a test can make silent: connections stay open and are accepted, and nothing comes through.
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

export class SilentGate {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private isSilent = false;

  private constructor(
    private readonly server: Server,
    private readonly real: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (socket) => this.connected(socket));
  }

  /** An open gate to `host:port`. */
  static async openTo(address: string): Promise<SilentGate> {
    const [host = '', port = ''] = address.split(':');
    const server = net.createServer();
    const gate = new SilentGate(server, { host, port: Number(port) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  /** The server through the gate. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From here on nothing comes through; what is sent meanwhile arrives when the gate speaks again. */
  hush(): void {
    this.isSilent = true;
    for (const pair of this.pairs) for (const socket of pair) socket.unpipe().pause();
  }

  speak(): void {
    this.isSilent = false;
    for (const [one, other] of this.pairs) one.pipe(other).pipe(one);
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private connected(socket: Socket): void {
    const onwards = net.connect(this.real);
    const pair = [socket, onwards] as const;
    this.pairs.add(pair);
    for (const [one, other] of [pair, [onwards, socket] as const]) {
      one.on('error', () => undefined);
      one.on('close', () => {
        this.pairs.delete(pair);
        other.destroy();
      });
    }
    if (!this.isSilent) socket.pipe(onwards).pipe(socket);
  }
}
