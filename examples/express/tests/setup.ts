/** What `npm test` loads before each file: Node keeps what it compiles for the next one. */

import { enableCompileCache } from "node:module";

enableCompileCache();
