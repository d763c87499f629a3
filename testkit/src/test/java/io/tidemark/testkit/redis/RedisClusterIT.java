package io.tidemark.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisClusterIT {

    @TempDir
    Path directory;

    @Test
    void servesSlotsMovesThemAndTakesAKilledMasterBack() throws IOException {
        try (RedisCluster cluster = RedisCluster.start(directory, 3)) {
            int from = cluster.masterOf("product:42");
            int to = (from + 1) % 3;
            try (RedisConnection owner = cluster.connect(from);
                    RedisConnection other = cluster.connect(to)) {
                owner.call("SET", "product:42", "{}");
                assertThatThrownBy(() -> other.call("GET", "product:42")).hasMessageStartingWith("MOVED");
                cluster.moveSlot(cluster.slotOf("product:42"), from, to);
                assertThat(other.get("product:42")).isEqualTo("{}");
                assertThat(cluster.masterOf("product:42")).isEqualTo(to);
            }
            cluster.master(to).kill();
            cluster.master(to).start();
            cluster.awaitReady();
            try (RedisConnection owner = cluster.connect(to)) {
                assertThat(owner.get("product:42")).isNull();
            }
        }
    }
}
