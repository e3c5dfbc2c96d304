import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadSettings, schema } from "#/core/config.ts";

const KEY = "x7Qf2kLp9Zr4Tn6Wb8Vc3Yd5Hg1Jm0Sa";
const production = {
  ENVIRONMENT: "production",
  SECRET_KEY: KEY,
  MAIL_URL: "smtp://mail.example.com",
  PUBLIC_URL: "https://shop.example.com/",
};
const development = { SECRET_KEY: KEY };

test("the example has every setting and no other", () => {
  const lines = readFileSync(".env.example", "utf8").matchAll(/^([A-Z_]+)=/gm);

  assert.deepEqual([...lines].map((line) => line[1]).sort(), Object.keys(schema.shape).sort());
});

test("production logs JSON and has no documentation", () => {
  const settings = loadSettings(production);

  assert.equal(settings.production, true);
  assert.equal(settings.docs, false);
  assert.equal(settings.jsonLogs, true);
  assert.equal(settings.PUBLIC_URL, "https://shop.example.com");
});

test("every environment but development has the rules of production", () => {
  assert.equal(loadSettings({ ...production, ENVIRONMENT: "staging" }).production, true);
  assert.equal(loadSettings(development).production, false);
});

test("lists are separated by commas or spaces, and a prefix has one slash", () => {
  const settings = loadSettings({
    ...development,
    ALLOWED_HOSTS: "a.example.com, b.example.com",
    FORWARDED_ALLOW_IPS: "10.0.0.0/8 ::1",
    ROOT_PATH: "shop/",
  });

  assert.deepEqual(settings.ALLOWED_HOSTS, ["a.example.com", "b.example.com"]);
  assert.deepEqual(settings.FORWARDED_ALLOW_IPS, ["10.0.0.0/8", "::1"]);
  assert.equal(settings.ROOT_PATH, "/shop");
});

for (const [name, value] of [
  ["SECRET_KEY", "short"],
  ["SECRET_KEY", "change-me-to-32-random-bytes-or-more"],
  ["MAIL_URL", "carrier-pigeon://"],
  ["PUBLIC_URL", "shop.example.com"],
  ["RATE_LIMITS", "maybe"],
  ["RATE_LIMIT_STORAGE", "disk://"],
  ["DATABASE_URL", "mysql://localhost/x"],
  ["DATABASE_POOL_SIZE", "0"],
  ["ALLOWED_HOSTS", "*.example.com"],
  ["CORS_ORIGINS", "https://app.example.com/"],
  ["CORS_ORIGINS", "app.example.com"],
  ["FORWARDED_ALLOW_IPS", "proxy"],
  ["FORWARDED_ALLOW_IPS", "10.0.0.0/64"],
  ["PORT", "70000"],
  ["PORT", "http"],
  ["DOCS", "perhaps"],
  ["LOG_LEVEL", "LOUD"],
] as const) {
  test(`${name}=${value} is refused by its name`, () => {
    assert.throws(
      () => loadSettings({ ...development, [name]: value }),
      new RegExp(`^SettingsError: ${name}: .* \\(see .env.example\\)$|^Error: ${name}: `),
    );
  });
}

for (const name of ["SECRET_KEY", "MAIL_URL", "PUBLIC_URL"] as const) {
  test(`production does not start without ${name}`, () => {
    const { [name]: _, ...rest } = production;
    assert.throws(() => loadSettings(rest), new RegExp(`${name}: `));
  });
}
