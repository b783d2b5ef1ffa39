# One image for every role: the bundled program on the official image of Node 24, and nothing else.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY scripts scripts
COPY src src
RUN npm run -s build

FROM ${BASE}
ARG VERSION=4.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="chaos-monkey" \
      org.opencontainers.image.description="A Kubernetes-native chaos monkey that people dare to run" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# A name that ends in .mjs says to Node, without a package.json, that this is an ES module.
COPY --from=build /src/dist/chaos-monkey.js /opt/chaos-monkey/chaos-monkey.mjs
COPY LICENSE /opt/chaos-monkey/
USER 1999:1999
EXPOSE 9000 9443
STOPSIGNAL SIGTERM
# The file itself, not `node FILE`: its first line sets the bounds of its memory.
ENTRYPOINT ["/opt/chaos-monkey/chaos-monkey.mjs"]
