// A way to a real server that counts what passes and can be made slow: backpressure is told from what is held in between.
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

// Small against what a program may hold, so that the counts tell of the program and not of the gate.
const mostHeldBytes = 64 * 1024;
const tickMs = 5;

export class MeteredGate {
  /** Bytes that came through so far, towards the server and back from it. */
  up = 0;
  down = 0;
  private bytesPerTick = Number.POSITIVE_INFINITY;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly through: URL,
  ) {
    server.on('connection', (socket) => this.connected(socket));
  }

  /** An open gate to the server behind `url`. */
  static async openTo(url: string): Promise<MeteredGate> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new MeteredGate(server, new URL(url));
  }

  get url(): string {
    const url = new URL(this.through);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** From here on at most so much comes through on each connection, in each direction. */
  limit(bytesPerSecond: number): void {
    this.bytesPerTick = Math.ceil((bytesPerSecond * tickMs) / 1000);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private connected(socket: Socket): void {
    const onwards = net.connect({ host: this.through.hostname, port: Number(this.through.port) });
    this.forward(socket, onwards, (bytes) => (this.up += bytes));
    this.forward(onwards, socket, (bytes) => (this.down += bytes));
  }

  private forward(from: Socket, to: Socket, count: (bytes: number) => void): void {
    this.sockets.add(from);
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    from.on('data', (bytes: Buffer) => {
      from.pause();
      void this.pass(bytes, to, count).then(() => from.resume());
    });
  }

  private async pass(bytes: Buffer, to: Socket, count: (bytes: number) => void): Promise<void> {
    for (let at = 0; at < bytes.length && !to.destroyed;) {
      const piece = bytes.subarray(at, at + Math.min(this.bytesPerTick, mostHeldBytes));
      at += piece.length;
      count(piece.length);
      const flows = to.write(piece);
      if (this.bytesPerTick !== Number.POSITIVE_INFINITY)
        await new Promise((resolve) => setTimeout(resolve, tickMs));
      if (!flows && !to.destroyed) await drainedOrClosed(to);
    }
  }
}

function drainedOrClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}
