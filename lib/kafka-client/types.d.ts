declare module 'kafkajs-snappy' {
  export default function createSnappy(): { decompress(bytes: Buffer): Promise<Buffer> };
}
declare module 'kafkajs/src/network/connection.js' {
  export default class Connection {
    send(options: unknown): Promise<unknown>;
    authenticate(): Promise<void>;
  }
}
