package io.tidemark.testkit.containers;

import com.github.dockerjava.api.DockerClient;
import io.tidemark.testkit.process.Server;
import io.tidemark.testkit.process.ServerStartException;
import io.tidemark.testkit.process.Startup;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;

/** What the three servers in containers share: a container that stays when its process ends, on a port that stays too. */
abstract class ContainerServer implements Server {

    private static final Duration UP_WITHIN = Duration.ofSeconds(90);
    private static final int SECONDS_TO_STOP = 20;

    private final GenericContainer<?> container;
    private final int port;

    /** @param container publishes its port under the same number of the host for as long as it exists */
    ContainerServer(GenericContainer<?> container, int port) {
        this.container = container;
        this.port = port;
    }

    /** Fails while the server does not answer. */
    abstract void ask() throws Exception;

    @Override
    public synchronized void start() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            docker().startContainerCmd(container.getContainerId()).exec();
        }
        awaitAnswer();
    }

    @Override
    public synchronized void stop() {
        if (isRunning()) {
            docker().stopContainerCmd(container.getContainerId())
                    .withTimeout(SECONDS_TO_STOP)
                    .exec();
        }
    }

    @Override
    public synchronized void kill() {
        if (isRunning()) {
            docker().killContainerCmd(container.getContainerId()).exec();
        }
    }

    @Override
    public synchronized void freeze() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public synchronized void thaw() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public synchronized boolean isRunning() {
        return container.getContainerId() != null
                && Boolean.TRUE.equals(docker().inspectContainerCmd(container.getContainerId())
                        .exec()
                        .getState()
                        .getRunning());
    }

    @Override
    public int port() {
        return port;
    }

    /** Removes the container and its data. */
    @Override
    public synchronized void close() {
        container.stop();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    private void awaitAnswer() {
        Startup.await(
                UP_WITHIN,
                this::ask,
                last -> new ServerStartException(
                        container.getDockerImageName() + " did not answer within " + UP_WITHIN.toSeconds()
                                + " s; its log:\n" + container.getLogs(),
                        last));
    }
}
