import { timingSafeEqual } from "node:crypto";
import type { Registry } from "prom-client";
import { digest } from "../lib/sha256.ts";
import { plainAnswer } from "../transport/http.ts";
import { ownPolicy } from "../transport/security-headers.ts";
import type { HttpRequest, HttpResponse } from "../transport/transport.ts";

/** How often the page is asked for anew by a browser, in seconds. */
const AGAIN_S = 5;
const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:64rem;margin:0 auto;padding:1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;padding:.3rem .6rem;border-bottom:1px solid #8884;overflow-wrap:anywhere}
small{opacity:.75}
:is(td,th):last-child{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}`;

interface Row {
  help: string;
  labels: string;
  value: string;
}

/**
 * What the server counts, for its operator's eyes: `ADMIN_UI=on`, and `ADMIN_PASSWORD` by HTTP's Basic
 * scheme under whatever name. It shows what `/metrics` has and changes nothing; so it cannot show a text,
 * a token or an address, which no metric has.
 */
export async function adminPage(
  request: HttpRequest,
  password: string,
  registry: Pick<Registry, "metrics">,
): Promise<HttpResponse> {
  if (!mayLook(request.header("authorization"), password))
    return plainAnswer(401, { "www-authenticate": 'Basic realm="Driftsea", charset="UTF-8"' });
  const body = pageOf(rowsOf(await registry.metrics()));
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-robots-tag": "noindex, nofollow",
      ...ownPolicy(body),
    },
    body,
  };
}

function mayLook(authorization: string | undefined, password: string): boolean {
  const [, given] = /^Basic ([\w+/=]{1,4096})$/i.exec(authorization ?? "") ?? [];
  if (given === undefined) return false;
  const said = Buffer.from(given, "base64").toString();
  return timingSafeEqual(digest(said.slice(said.indexOf(":") + 1)), digest(password));
}

/** The numbers of Prometheus's text, of which those of a histogram are left out but its sum and count. */
function rowsOf(exposition: string): Row[] {
  const helps = new Map<string, string>();
  const rows: Row[] = [];
  for (const line of exposition.split("\n")) {
    const [, described, help] = /^# HELP (\w+) (.*)/.exec(line) ?? [];
    if (described !== undefined) helps.set(described, help!);
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || name.endsWith("_bucket")) continue;
    const [, whole, part] = /^(.*?)(_sum|_count)?$/.exec(name)!;
    const known = helps.get(name) ?? helps.get(whole!) ?? name;
    const of = part === "_sum" ? " (sum)" : part === "_count" ? " (number)" : "";
    rows.push({ help: known + (helps.has(name) ? "" : of), labels, value: value! });
  }
  return rows;
}

/** `a="b",c="d"` as people read it. */
const plain = (labels: string): string =>
  labels.replace(
    /(\w+)="([^"]*)"(,)?/g,
    (_, name: string, value: string, more?: string) => `${name}: ${value}${more ? ", " : ""}`,
  );

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

function pageOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ help, labels, value }) =>
      `<tr><td>${escaped(help)}${labels && `<br><small>${escaped(plain(labels))}</small>`}</td><td>${shown(value)}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="${AGAIN_S}"><meta name="viewport" content="width=device-width"><title>Inside Driftsea</title><style>${STYLE}</style><h1>Inside Driftsea</h1><p>Of this server and its workers since they began; asked again every ${AGAIN_S} s.</p><table><thead><tr><th>What</th><th>Value</th></tr></thead><tbody>${lines.join("")}</tbody></table></html>`;
}

const shown = (value: string): string => {
  const number = Number(value);
  return Number.isFinite(number)
    ? number.toLocaleString("en", { maximumFractionDigits: 3 })
    : escaped(value);
};
