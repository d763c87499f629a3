package io.tidemark.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void takesTheWantedPortAndAnyFreeOneForNought() {
        assertThat(Ports.choose(15_432)).isEqualTo(15_432);
        assertThat(Ports.isFree(Ports.choose(0))).isTrue();
    }

    @Test
    void namesServerAndPortWhenItIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Ports.requireFree(other.getLocalPort(), "Redis"))
                    .isInstanceOfSatisfying(PortTakenException.class, taken -> {
                        assertThat(taken.server()).isEqualTo("Redis");
                        assertThat(taken.port()).isEqualTo(other.getLocalPort());
                    });
        }
    }
}
