import { SCENARIOS } from "../scenarios/index.ts";

const scenarios = Object.entries(SCENARIOS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n");

export const HELP = `npm run load -- <scenario> [options]     e.g. npm run load -- rooms --size 100 --rate 500

${scenarios}

  --url http://127.0.0.1:3000  the server; without it one is started, with its limits lifted
  --i-own-this-server          allows a --url that is not on this machine
  --store memory|redis         of a server that is started (redis where it is installed)
  --processes N                of a server that is started, on one port (1; Redis)
  --connections N              people; --size N: of them in each room (2 to 10000)
  --rate N                     operations a second, or stages: 10s:100,30s:1000
  --duration T                 measured time: 500ms, 10s, 2m, 1h
  --ramp T, --warmup T         before it: the rate rises; it is kept (1s). Neither counts
  --closed                     instead of a rate: each begins when its last is answered
  --find-max                   looks for the highest rate that is held, --duration (5s) each
  --workers N                  processes of the generator (1)
  --payload N                  characters of a text (100)
  --slo LIST                   catch.p99<200,errors<0.1% (errors<1%); ms; p50 to p99.9, max, mean
  --json FILE, --html FILE     the report
  --quiet                      the result alone

Exit: 0 held; 1 usage; 2 unreachable; 99 an SLO or an invariant broken, SATURATED (under 98 % of
the rate), INVALID (the generator was the limit, or nothing was measured), or it broke off;
130 interrupted. More: load-tests/README.md`;
