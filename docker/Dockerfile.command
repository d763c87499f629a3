# The tidemark command, to ask services that run elsewhere:
#   docker run --rm -v ./run.json:/tidemark/.tidemark/run.json:ro tidemark/command status
# `demo` and `up` start servers of their own and belong on a machine, not into a container.
ARG BASE=eclipse-temurin:17-jre
FROM ${BASE}
ARG VERSION=0.1.0-SNAPSHOT
LABEL org.opencontainers.image.title="tidemark command" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY cli/target/lib/ /app/cli/target/lib/
COPY cli/target/tidemark-cli.jar /app/cli/target/tidemark-cli.jar
USER 10001:10001
WORKDIR /tidemark
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", \
            "-Dtidemark.home=/app", "-Dtidemark.terminal=false", "-jar", "/app/cli/target/tidemark-cli.jar"]
