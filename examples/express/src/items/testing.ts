/** Values of items for tests. */

import type { Resource } from "#/testing-resources.ts";

export const items: Resource = {
  path: "/api/v1/items",
  body: {
    title: "Apple",
    description: "Apple",
    status: "doing",
    due_on: "2026-01-31",
  },
  changed: {
    title: "Banana",
    description: "Banana",
    status: "todo",
    due_on: "2026-12-31",
  },
  refused: {
    title: "",
    description: "\0",
    status: "no_such_choice",
    due_on: "2026-02-30",
  },
  unique: {},
  defaults: {
    description: null,
    status: "todo",
    due_on: null,
  },
  searched: ["title", "description"],
  sorted: ["title", "status", "due_on"],
  filtered: ["status"],
};
