package io.tidemark.positions.console;

import io.micronaut.context.annotation.Factory;
import io.tidemark.positions.http.PositionDesk;
import io.tidemark.positions.lag.LagMemory;
import io.tidemark.positions.lag.LagWatch;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Puts the console together. */
@Factory
final class ConsoleFactory {
    @Singleton
    LiveState state(PositionDesk desk) {
        return new LiveState(desk);
    }

    @Singleton
    LagView lag(LagWatch watch, LagMemory memory, Clock clock) {
        return new LagView(watch, memory, clock);
    }
}
