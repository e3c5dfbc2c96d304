import { items } from "#/items/testing.ts";
import { testResource } from "#/testing-resources.ts";

testResource(items);
