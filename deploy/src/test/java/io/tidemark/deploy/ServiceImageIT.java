package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** The images of docker/build, each started by Testcontainers. Skipped, with a word, without a Docker engine or the images. */
@Tag("long")
class ServiceImageIT {
    private static final String TAG = tag();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TOKEN = "a-token-of-this-test-0123456789";
    private static final String PIPELINE =
            "tidemark: 1\ncaches: {product: {table: public.products, key: \"product:{id}\"}}\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"ingest-service, 8083", "cache-writer, 8081", "reconciler, 8082", "position-service, 8080"})
    void livesOnAReadOnlyRootAndWaitsForItsServersAndAsksForAToken(String service, int port) throws Exception {
        String image = "tidemark/" + service + ":" + TAG;
        needs(image);
        Path pipeline = Files.writeString(folder.resolve("tidemark.yaml"), PIPELINE);
        Files.setPosixFilePermissions(pipeline, PosixFilePermissions.fromString("rw-r--r--"));
        try (GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withExposedPorts(port)
                .withEnv("TIDEMARK_SOURCE_URL", "postgresql://tidemark@127.0.0.1:1/shop")
                .withEnv("TIDEMARK_KAFKA_BOOTSTRAP", "127.0.0.1:1")
                .withEnv("TIDEMARK_REDIS_URL", "redis://127.0.0.1:1")
                .withEnv("TIDEMARK_VIEWER_TOKEN", TOKEN)
                .withTmpFs(Map.of("/tmp", "rw"))
                .withCreateContainerCmdModifier(command -> Objects.requireNonNull(command.getHostConfig())
                        .withReadonlyRootfs(true)
                        .withBinds(new Bind(
                                pipeline.toString(), new Volume("/etc/tidemark/tidemark.yaml"), AccessMode.ro)))
                // The image's own health check.
                .waitingFor(Wait.forHealthcheck())
                .withStartupTimeout(LIMIT)) {
            container.start();
            String url = "http://" + container.getHost() + ":" + container.getMappedPort(port);
            assertThat(status(url + "/health/liveness", "")).isEqualTo(200);
            // position-service shows its pages whatever is away.
            assertThat(status(url + "/health/readiness", "")).isEqualTo(service.equals("position-service") ? 200 : 503);
            assertThat(status(url + "/prometheus", "")).isEqualTo(401);
            assertThat(status(url + "/prometheus", TOKEN)).isEqualTo(200);
            assertThat(container.execInContainer("id", "-u").getStdout().strip())
                    .isEqualTo("10001");
            assertThat(container.execInContainer("touch", "/app/x").getStderr()).contains("Read-only file system");
        }
    }

    private static void needs(String image) {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "no Docker engine answers, so the images are not tried; docs/containers.md says how to have one");
        try {
            DockerClientFactory.lazyClient().inspectImageCmd(image).exec();
        } catch (NotFoundException missing) {
            assumeTrue(false, "there is no image " + image + "; make it with docker/build");
        }
    }

    private static String tag() {
        String named = System.getenv("TIDEMARK_TAG");
        return named == null || named.isBlank() ? "0.1.0-SNAPSHOT" : named;
    }

    private static int status(String url, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
