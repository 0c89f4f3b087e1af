// Whether something accepts connections on a port of this machine's loopback.

import { connect } from "node:net";

const patienceMs = 500;

/** Never rejects; whatever prevents a connection means no. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const settle = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(patienceMs, settle(false));
    socket.once("connect", settle(true));
    socket.once("error", settle(false));
  });
}
