// A person who approves everything but a higher limit.

import type { ApprovalRequest, Resolution } from "../../src/agent/approval.ts";

export const holdLimits = ({ subject }: ApprovalRequest): Promise<Resolution> | undefined =>
  subject.of === "limit" ? Promise.resolve({ answer: "reject", why: "That is enough.", unattended: false }) : undefined;
