// What is shown as the model where there is none.

/** The embedded engine's name, in the header of the chat and in the picker. */
export const offlineEngine = "Offline engine";
