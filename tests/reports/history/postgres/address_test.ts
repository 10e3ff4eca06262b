import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Address, parseAddress } from "../../../../reports/history/postgres/address.ts";
import { InputError } from "../../../../workloads/runner/errors.ts";

const usual: Address = {
  host: "db.example",
  port: 5432,
  user: "ann",
  password: null,
  database: "ipc",
  sslMode: "prefer",
  sslRootCert: null,
  display: "postgres://ann@db.example:5432/ipc",
};

Deno.test("an address is read as libpq reads it, and shown without its password", () => {
  const rows: [url: string, differs: Partial<Address>][] = [
    ["postgres://ann@db.example/ipc", {}],
    ["postgresql://ann@db.example:5432/ipc", {}],
    ["POSTGRES://ann:secret@db.example/ipc", { password: "secret" }],
    ["postgres://ann:%40%2Fsecret%20@db.example/ipc", { password: "@/secret " }],
    ["postgres://ann@db.example", {
      database: "ann",
      display: "postgres://ann@db.example:5432/ann",
    }],
    [
      "postgres://ann@[::1]:6000/ipc",
      { host: "::1", port: 6000, display: "postgres://ann@[::1]:6000/ipc" },
    ],
    [
      "postgres://ann:secret@/ipc?host=/run/pg",
      {
        host: "/run/pg",
        password: "secret",
        sslMode: "disable",
        display: "postgres://ann@/ipc?host=/run/pg",
      },
    ],
    [
      "postgres://ann@%2Frun%2Fpg:6000/ipc",
      {
        host: "/run/pg",
        port: 6000,
        sslMode: "disable",
        display: "postgres://ann@/ipc?host=/run/pg&port=6000",
      },
    ],
    [
      "postgres://ann@db.example/ipc?sslmode=verify-full&sslrootcert=/etc/ca.pem",
      {
        sslMode: "verify-full",
        sslRootCert: "/etc/ca.pem",
        display: "postgres://ann@db.example:5432/ipc?sslmode=verify-full&sslrootcert=/etc/ca.pem",
      },
    ],
    [
      "postgres://ann@db.example/ipc?sslmode=require&sslrootcert=ca.pem",
      {
        sslMode: "verify-ca",
        sslRootCert: "ca.pem",
        display: "postgres://ann@db.example:5432/ipc?sslmode=verify-ca&sslrootcert=ca.pem",
      },
    ],
    [
      "postgres://ann@db.example/ipc?sslrootcert=system",
      { sslMode: "verify-full", display: "postgres://ann@db.example:5432/ipc?sslmode=verify-full" },
    ],
  ];
  for (const [url, differs] of rows) {
    const address = parseAddress(url);
    assertEquals(address, { ...usual, ...differs }, url);
    assert(!address.display.includes("secret"));
    assertEquals(parseAddress(address.display), { ...address, password: null }, url);
  }
  assertEquals(parseAddress("postgres://ann@db.example/ipc", "other").password, "other");
  assertEquals(parseAddress("postgres://ann:own@db.example/ipc", "other").password, "own");
});

Deno.test("what is no address is refused, and nothing of it is repeated", () => {
  const rows = [
    ["postgres://", "it names no user"],
    ["postgres://ann:secret", "its host is no name"],
    ["postgres://ann:sec@ret@db.example/ipc", "it is not of the form"],
    ["postgres://ann:sec/ret@db.example/ipc", "it is not of the form"],
    ["postgres://ann:secret%@db.example/ipc", "begins no %41"],
    ["postgres://ann:secret@db.example:0/ipc", "its port"],
    ["postgres://ann:secret@db.example:99999/ipc", "its port"],
    ["postgres://ann@db one/ipc", "its host is no name"],
    ["postgres://ann@a.example,b.example/ipc", "its host is no name"],
    ["postgres://ann@db.example/ipc?password=secret", "a password belongs before the @"],
    ["postgres://ann@db.example/ipc?sslmode=maybe", "its sslmode is none of disable, prefer"],
    ["postgres://ann@db.example/ipc?sslcert=x", "a parameter (sslcert) that is none of host"],
  ] as const;
  for (const [url, reason] of rows) {
    const error = assertThrows(() => parseAddress(url), InputError, reason, url);
    assert(!/secret|sec@ret|ret@/.test(error.message), error.message);
    assertEquals(error.exitCode, 2);
  }
});
