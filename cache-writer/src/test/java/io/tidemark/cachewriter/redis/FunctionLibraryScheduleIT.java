package io.tidemark.cachewriter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.redis.FunctionSchedule.Form;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The function library under random schedules, with values of every form, against a model of one entry. */
class FunctionLibraryScheduleIT {
    private static final int STEPS = 4_000;

    @ParameterizedTest(name = "{0}, seed {1}")
    @CsvSource({"STRING, 1", "STRING, 2", "STRING, 3", "HASH, 4", "HASH, 5", "MIXED, 6", "MIXED, 7"})
    void entryIsWhatTheModelSays(Form form, long seed) throws IOException {
        try (RedisConnection connection = SharedServers.redis().connect()) {
            ContractRedis redis = new ContractRedis(connection);
            assertThat(new FunctionSchedule(connection, redis, form, seed).run(STEPS))
                    .as("seed %d", seed)
                    .isNull();
        }
    }
}
