import { testResource } from "#/testing-resources.ts";

testResource("/api/v1/items", {
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
  required: ["title"],
  searched: ["title", "description"],
  sorted: ["title", "status", "due_on"],
  filtered: ["status"],
});
