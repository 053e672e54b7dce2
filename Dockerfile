# Debian, not Alpine: uWebSockets.js is built for glibc. Nothing is written outside /data and /tmp.
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY protocol/package.json protocol/
COPY server/package.json server/
COPY client/package.json client/
COPY load-tests/package.json load-tests/

FROM packages AS build
RUN npm ci
COPY tsconfig.base.json ./
COPY docs/protocol.md docs/operations.md docs/
COPY scripts scripts
COPY protocol protocol
COPY server server
COPY client client
RUN node scripts/build.mjs

FROM packages AS production
# Of the binaries of uWebSockets.js, 130 MB, the one that runs here.
RUN npm ci --omit=dev --workspace=server \
  && own="uws_$(node -p '[process.platform, process.arch, process.versions.modules].join("_")').node" \
  && find node_modules/uWebSockets.js/dist/bin -name 'uws_*' ! -name "$own" -delete
COPY server/lists server/lists
COPY --from=build /app/protocol/dist protocol/dist
COPY --from=build /app/server/dist server/dist
COPY --from=build /app/client/dist client/dist

FROM node:22-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data
RUN install -d -o node -g node -m 700 /data
WORKDIR /app
COPY --from=production /app ./
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/dist/main.js"]
