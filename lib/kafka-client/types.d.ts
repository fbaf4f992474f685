declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    writeBuffer(bytes: Buffer): this;
  }
}
declare module 'kafkajs-snappy' {
  export default function createSnappy(): { decompress(bytes: Buffer): Promise<Buffer> };
}
