package io.tidemark.reconciler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoredOffsetsTest {
    private static final String OURS = "[\"shop\",{\"server\":\"shop\"}]";

    private final StoredOffsets stored = new StoredOffsets("shop");

    @Test
    void saysUpToWhichCommitAllIsPublishedAndSinceWhen() {
        take(OURS, "{\"lsn_proc\":24719400,\"lsn_commit\":24719320,\"lsn\":24719400,\"ts_usec\":1}");

        assertThat(stored.publishedLsn()).isEqualTo(24_719_320);
        assertThat(stored.atMicros()).isEqualTo(1_700_000_000_000_000L);
    }

    @Test
    void knowsNothingWithinASnapshotOrWhenTheOffsetWasTakenBack() {
        take(OURS, "{\"lsn\":24719400,\"snapshot\":\"INITIAL\",\"snapshot_completed\":false}");
        assertThat(stored.publishedLsn()).isZero();

        take(OURS, "{\"lsn_commit\":7,\"lsn\":8}");
        take(OURS, null);
        assertThat(stored.publishedLsn()).isZero();
    }

    @Test
    void leavesOutWhatOtherConnectorsHaveStored() {
        take("[\"other\",{\"server\":\"other\"}]", "{\"lsn_commit\":7}");
        take("[\"copier\",{\"cluster\":\"a\"}]", "{\"offset\":7}");
        assertThat(stored.publishedLsn()).isZero();
    }

    @Test
    void refusesWhatIsNoOffset() {
        assertThatThrownBy(() -> take("[\"shop\"", "{}")).isInstanceOf(IllegalArgumentException.class);
    }

    private void take(String key, @Nullable String value) {
        stored.take(new ConsumerRecord<>(
                "shop.tidemark.offsets",
                0,
                0,
                1_700_000_000_000L,
                TimestampType.CREATE_TIME,
                0,
                0,
                key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8),
                new RecordHeaders(),
                Optional.empty()));
    }
}
