// The one digest of the product: content, approvals and evidence are all named by it.

import { createHash } from "node:crypto";

/** SHA-256 of the bytes (text as UTF-8), lower-case hex. */
export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
