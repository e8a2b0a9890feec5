# docker build -t connects .
# docker run --rm -p 8080:8080 connects serve --demo
#
# Three stages: the playground, the program, and an image with the program and nothing else of ours.
# It uses plain instructions only, so any builder will do. docs/OPERATIONS.md says how to run it.

FROM node:22-bookworm-slim AS playground
WORKDIR /playground
COPY playground/package.json playground/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY playground/ ./
RUN npm run build

# The slim image has gcc and libc's headers, which compile SQLite and ring; nothing more is needed.
FROM rust:1.95-slim-bookworm AS program
WORKDIR /build
# First the dependencies, with empty crates of ours: this layer lasts until a manifest changes.
COPY Cargo.toml Cargo.lock ./
COPY .cargo/ .cargo/
COPY src/Cargo.toml src/
COPY migration/Cargo.toml migration/
RUN mkdir -p migration/src \
    && touch src/lib.rs src/core.rs migration/src/lib.rs \
    && echo 'fn main() {}' | tee build.rs > src/main.rs \
    && cargo build --release --locked
COPY build.rs policy.toml ./
COPY migration/ migration/
COPY src/ src/
COPY --from=playground /playground/dist/ playground/dist/
# cargo compares times, and a checkout may be older than the empty crates.
RUN touch build.rs src/lib.rs src/core.rs src/main.rs migration/src/lib.rs \
    && cargo build --release --locked

RUN target/release/connects man /man \
    && target/release/connects completions bash > /completions

# libc and libgcc for the program, and a shell for people who look inside.
FROM debian:bookworm-slim
RUN groupadd --gid 10001 connects \
    && useradd --uid 10001 --gid 10001 --no-log-init --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin connects \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data
COPY LICENSE-APACHE LICENSE-MIT /usr/share/doc/connects/
COPY --from=program /build/target/release/connects /usr/local/bin/connects
COPY --from=program /man /usr/local/share/man/man1
COPY --from=program /completions /usr/share/bash-completion/completions/connects

ENV DATABASE_URL=sqlite:/data/connects.db \
    CONNECTS_LOG_FORMAT=json \
    CONNECTS_LISTEN=0.0.0.0:8080
USER 10001:10001
# SQLite's temporary files fall back to the working folder when everything else is read-only.
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["connects", "health"]
ENTRYPOINT ["connects"]
CMD ["serve"]

ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Connects" \
    org.opencontainers.image.description="An open-source GraphQL backend for a freelance marketplace's token economy" \
    org.opencontainers.image.licenses="MIT OR Apache-2.0" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION"
