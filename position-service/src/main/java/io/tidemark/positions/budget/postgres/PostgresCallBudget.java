package io.tidemark.positions.budget.postgres;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.VerboseResult;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.tidemark.positions.budget.BudgetUnavailableException;
import io.tidemark.positions.budget.CallBudget;
import io.tidemark.positions.budget.CallLimit;
import io.tidemark.positions.position.StoreId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * A bucket a store in the table {@code tidemark.feed_budget}, changed under a row lock, and the times to leave a store
 * alone in {@code tidemark.feed_hold}. Kept in PostgreSQL because it outlives Redis, which must not hand out a second
 * day's calls when it is emptied; and without PostgreSQL nothing could be taken in anyway. Thread-safe.
 */
public final class PostgresCallBudget implements CallBudget {
    private static final String LOOK =
            "select clock_timestamp(), (select not_before from tidemark.feed_hold where store = ?)";
    private static final String HOLD = "insert into tidemark.feed_hold as h (store, not_before)"
            + " values (?, clock_timestamp() + make_interval(secs => ?))"
            + " on conflict (store) do update set not_before = greatest(h.not_before, excluded.not_before)";

    private final DataSource database;
    private final List<CallLimit> limits;
    private final BucketConfiguration configuration;
    private final DatabaseClock clock = new DatabaseClock();
    private final ProxyManager<String> buckets;
    private final Map<StoreId, BucketProxy> known = new ConcurrentHashMap<>();

    /** @param limits the narrowest first */
    public PostgresCallBudget(DataSource database, List<CallLimit> limits) {
        this.database = database;
        this.limits = List.copyOf(limits);
        this.configuration = TokenBuckets.of(limits);
        this.buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database)
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("tidemark.feed_budget")
                .idColumn("store")
                .stateColumn("state")
                .clientClock(clock)
                .requestTimeout(Duration.ofSeconds(10))
                .build();
    }

    @Override
    public Duration take(StoreId store) {
        Duration held = look(store);
        if (!held.isZero()) {
            return held;
        }
        ConsumptionProbe probe = bucket(store).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill()));
    }

    @Override
    public void leaveAlone(StoreId store, Duration howLong) {
        try (Connection connection = database.getConnection();
                PreparedStatement hold = connection.prepareStatement(HOLD)) {
            hold.setString(1, store.name());
            hold.setDouble(2, howLong.toMillis() / 1_000.0);
            hold.executeUpdate();
        } catch (SQLException e) {
            throw new BudgetUnavailableException(store, e);
        }
    }

    @Override
    public List<CallsLeft> left(StoreId store) {
        look(store);
        VerboseResult<Long> result = bucket(store).asVerbose().getAvailableTokens();
        long[] tokens = result.getDiagnostics().getAvailableTokensPerEachBandwidth();
        List<CallsLeft> left = new ArrayList<>();
        for (int i = 0; i < Math.min(limits.size(), tokens.length); i++) {
            left.add(new CallsLeft(limits.get(i), Math.max(0, tokens[i])));
        }
        return left;
    }

    /** How long the store is to be left alone; sets the clock by the way. */
    private Duration look(StoreId store) {
        try (Connection connection = database.getConnection();
                PreparedStatement look = connection.prepareStatement(LOOK)) {
            look.setString(1, store.name());
            long asked = System.nanoTime();
            try (ResultSet row = look.executeQuery()) {
                row.next();
                Instant now = row.getObject(1, OffsetDateTime.class).toInstant();
                clock.seen(now, asked);
                OffsetDateTime notBefore = row.getObject(2, OffsetDateTime.class);
                Duration wait = notBefore == null ? Duration.ZERO : Duration.between(now, notBefore.toInstant());
                return wait.isNegative() ? Duration.ZERO : wait;
            }
        } catch (SQLException e) {
            throw new BudgetUnavailableException(store, e);
        }
    }

    private BucketProxy bucket(StoreId store) {
        return known.computeIfAbsent(store, this::opened);
    }

    /** A bucket that another setting of the limits has made keeps its share of calls left under the present one. */
    private BucketProxy opened(StoreId store) {
        BucketProxy bucket = buckets.builder().build(store.name(), () -> configuration);
        BucketConfiguration kept = bucket.asVerbose().getAvailableTokens().getConfiguration();
        if (!kept.equals(configuration)) {
            bucket.replaceConfiguration(configuration, TokensInheritanceStrategy.PROPORTIONALLY);
        }
        return bucket;
    }
}
