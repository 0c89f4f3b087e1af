// Confidence in words, and from where on it is doubt. Pure.

/** Less than this raises the grade of a question, and is told with it. */
export const doubtful = 0.5;

/** "82 % sure". */
const sureness = (confidence: number): string => `${Math.round(confidence * 100)} % sure`;

/** What a check found, and how sure its judge is where it had one. */
export const foundText = ({ said, confidence }: { readonly said: string; readonly confidence?: number | undefined }): string =>
  confidence === undefined ? said : `${said} (${sureness(confidence)})`;

/** Why a question is louder than usual; empty where the agent is not doubted. */
export const doubtText = (confidence: number | undefined): string =>
  confidence === undefined || confidence >= doubtful
    ? ""
    : `${sureness(confidence)}, by what failed in this step and what judges said before it`;
