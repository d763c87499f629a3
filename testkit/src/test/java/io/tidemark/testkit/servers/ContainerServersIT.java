package io.tidemark.testkit.servers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.testcontainers.DockerClientFactory;

/** Needs a Docker engine and the three images; TIDEMARK_POSTGRES_IMAGE, _KAFKA_IMAGE and _REDIS_IMAGE name others. */
class ContainerServersIT extends ServersContract {

    @BeforeEach
    void needsAnEngine() {
        assumeTrue(
                "containers".equals(System.getenv("TIDEMARK_TESTKIT")),
                "containers are tried with mvn verify -Pcontainers");
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine is reachable");
    }

    @Override
    Servers servers() {
        return Servers.containers();
    }
}
