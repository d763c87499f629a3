package io.tidemark.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortBlocksTest {
    private static final int LOWEST = 32_100;
    private static final int HIGHEST = 32_300;

    @TempDir
    Path directory;

    @Test
    void noPortIsGivenTwiceNotEvenByTwoOwnersOfBlocks() {
        PortBlocks one = new PortBlocks(directory, LOWEST, HIGHEST);
        PortBlocks other = new PortBlocks(directory, LOWEST, HIGHEST);
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 80; i++) {
            assertThat(given.add(one.next())).isTrue();
            assertThat(given.add(other.next())).isTrue();
        }
        assertThat(given).allMatch(port -> port >= LOWEST && port < HIGHEST);
    }

    @Test
    void aPortThatIsListenedOnIsLeftOut() throws IOException {
        PortBlocks ports = new PortBlocks(directory, LOWEST, LOWEST + 50);
        int first = ports.next();
        try (ServerSocket taken = new ServerSocket(first + 1, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ports.next()).isEqualTo(first + 2);
            assertThat(taken.isBound()).isTrue();
        }
    }

    @Test
    void itSaysSoWhenNoneIsLeft() {
        PortBlocks ports = new PortBlocks(directory, LOWEST, LOWEST + 50);
        for (int i = 0; i < 40; i++) {
            ports.next();
        }
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 11; i++) {
                        ports.next();
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no free port left from " + LOWEST);
    }
}
