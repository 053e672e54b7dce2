import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./dockerfile.ts";
import { freePorts } from "./process.ts";
import { until } from "./visitor.ts";

// Where Debian has them, which is not on everybody's PATH.
const PATH = `${process.env["PATH"]}:/usr/sbin:/sbin`;
/** Times under which an example cuts somebody off, in seconds: its own are too long to wait for. */
const SHORT = "1s";

export interface Proxy {
  url: string;
  /** Of the side without TLS. */
  plainUrl: string;
  /** The certificate that it shows. */
  ca: string;
  stop: () => Promise<void>;
}

export type ProxyName = "nginx" | "haproxy";

/** Whether it can be run, and be given a certificate. */
export const isThere = (name: ProxyName): boolean =>
  spawnSync(name, ["-v"], { env: { PATH } }).status === 0 &&
  spawnSync("openssl", ["version"]).status === 0;

/** The example in ops/ as it stands, but for ports, paths and times. */
const SETTINGS: Record<
  ProxyName,
  (at: Record<"plain" | "tls" | "upstream" | "folder", string>) => string
> = {
  nginx: ({ plain, tls, upstream, folder }) =>
    `daemon off;
pid ${folder}/pid;
error_log stderr crit;
events {}
http {
${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((what) => `${what}_temp_path ${folder}/${what};`).join("\n")}
${readFileSync(join(ROOT, "ops/nginx.conf"), "utf8")
  .replace(/^ *listen \[::\].*$/gm, "")
  .replace("listen 80;", `listen 127.0.0.1:${plain};`)
  .replace("listen 443 ", `listen 127.0.0.1:${tls} `)
  .replace("127.0.0.1:3000", `127.0.0.1:${upstream}`)
  .replace("/etc/ssl/sea.example/fullchain.pem", `${folder}/cert.pem`)
  .replace("/etc/ssl/sea.example/privkey.pem", `${folder}/key.pem`)
  .replace("/var/log/nginx", folder)
  .replace(/(client_header_timeout|client_body_timeout|send_timeout) 10s/g, `$1 ${SHORT}`)}
}
`,
  haproxy: ({ plain, tls, upstream, folder }) =>
    readFileSync(join(ROOT, "ops/haproxy.cfg"), "utf8")
      .replace(/^ *(chroot|user|group) .*$/gm, "")
      .replace("bind :::80 v4v6", `bind 127.0.0.1:${plain}`)
      .replace("bind :::443 v4v6", `bind 127.0.0.1:${tls}`)
      .replace("127.0.0.1:3000", `127.0.0.1:${upstream}`)
      .replace("/etc/ssl/sea.example/all.pem", `${folder}/all.pem`)
      .replace("inter 1s", "inter 300ms")
      .replace("timeout http-request 10s", `timeout http-request ${SHORT}`),
};

/** A real proxy with the example of ops/, in front of a port of this machine. */
export async function startProxy(name: ProxyName, upstream: number): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), "driftsea-proxy-"));
  const [plain, tls] = (await freePorts(2)).map(String) as [string, string];
  const ca = certificate(folder);
  mkdirSync(join(folder, "logs"));
  const settings = join(folder, "settings");
  writeFileSync(settings, SETTINGS[name]({ plain, tls, upstream: String(upstream), folder }));
  const args = { nginx: ["-p", folder, "-c", settings], haproxy: ["-db", "-f", settings] }[name];
  const child = spawn(name, args, { env: { PATH }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(output);
      return isListening(Number(tls));
    }, `${name} to listen`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `https://127.0.0.1:${tls}`, plainUrl: `http://127.0.0.1:${plain}`, ca, stop };
}

function certificate(folder: string): string {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const args = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -batch";
  const named = ["-subj", "/CN=sea.example", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", [...args.split(" "), ...named, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  const ca = readFileSync(cert, "utf8");
  writeFileSync(join(folder, "all.pem"), ca + readFileSync(key, "utf8"));
  return ca;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
