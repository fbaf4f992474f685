declare module 'kafkajs-snappy' {
  export default function createSnappy(): {
    compress(encoder: { buffer: Buffer }): Promise<Buffer>;
    decompress(bytes: Buffer): Promise<Buffer>;
  };
}
declare module 'kafkajs/src/network/connection.js' {
  export default class Connection {
    send(options: unknown): Promise<unknown>;
    authenticate(): Promise<void>;
  }
}
