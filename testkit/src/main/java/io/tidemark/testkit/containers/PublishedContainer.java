package io.tidemark.testkit.containers;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** Containers whose port on the host does not change when they are started again, as Testcontainers' own would. */
final class PublishedContainer {

    private PublishedContainer() {}

    static GenericContainer<?> of(String image, int portInside, int portOfHost) {
        return new GenericContainer<>(DockerImageName.parse(image))
                .withExposedPorts(portInside)
                .withCreateContainerCmdModifier(command -> {
                    HostConfig host =
                            Objects.requireNonNull(command.getHostConfig(), "a container has a host configuration");
                    host.withPortBindings(new PortBinding(
                            Ports.Binding.bindIpAndPort("127.0.0.1", portOfHost), ExposedPort.tcp(portInside)));
                });
    }

    /** The image that the environment names, or the usual one. */
    static String image(String variable, String usual) {
        String told = System.getenv(variable);
        return told == null || told.isBlank() ? usual : told;
    }
}
