// Cheap password hashes for servers under test: Node loads this module first if NODE_OPTIONS says so.
import { createRequire } from "node:module";

const COST = { memoryCost: 8, timeCost: 1, parallelism: 1 };

try {
  // Before the project imports it: what it then takes are these exports.
  const argon2 = createRequire(`${process.cwd()}/`)("@node-rs/argon2");
  const { hash } = argon2;
  argon2.hash = (password) => hash(password, COST);
} catch {
  // A project without passwords.
}
