import type { MessageRow } from "../bridge/api";

/** A message as Go sends it, for tests: sent by Ann, saying "x". */
export function sampleMessage(change: Partial<MessageRow> = {}): MessageRow {
  const row: Partial<MessageRow> = {
    id: "m",
    author: "a",
    name: "Ann",
    role: "client",
    mine: false,
    html: "<p>x</p>",
    text: "x",
    at: 1000,
    num: 1,
    state: "sent",
    again: false,
    code: "",
    reason: "",
    retry: false,
    files: [],
    edited: 0,
    deleted: 0,
    removed: false,
    bookmarked: false,
    auto: false,
    changing: false,
    unsaved: null,
    reply: null,
    reactions: [],
    ...change,
  };
  return row as MessageRow;
}
