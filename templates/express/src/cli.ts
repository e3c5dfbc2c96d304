/** Starts a command. Node keeps what it compiles, so that the next start takes half as long. */

import { enableCompileCache } from "node:module";

enableCompileCache();
const { main } = await import("#/commands.ts");
await main(process.argv.slice(2));
