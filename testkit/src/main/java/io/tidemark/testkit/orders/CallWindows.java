package io.tidemark.testkit.orders;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts calls in sliding spans, the strictest reading of a limit: no span of that length, wherever it begins, may hold
 * more. Not thread-safe.
 */
final class CallWindows {

    private static final class Window {
        private final CallLimit limit;
        private final ArrayDeque<Long> admitted = new ArrayDeque<>();
        private int most;

        Window(CallLimit limit) {
            this.limit = limit;
        }

        long waitNanos(long now) {
            while (!admitted.isEmpty()
                    && admitted.peekFirst() <= now - limit.span().toNanos()) {
                admitted.removeFirst();
            }
            return admitted.size() < limit.calls()
                    ? 0
                    : admitted.peekFirst() + limit.span().toNanos() - now;
        }

        void admit(long now) {
            admitted.addLast(now);
            most = Math.max(most, admitted.size());
        }
    }

    private final List<Window> windows;

    CallWindows(List<CallLimit> limits) {
        this.windows = limits.stream().map(Window::new).toList();
    }

    /** Zero when the call is admitted, else how long to wait. A call that is not admitted does not count. */
    Duration admit(long nowNanos) {
        long wait = 0;
        for (Window window : windows) {
            wait = Math.max(wait, window.waitNanos(nowNanos));
        }
        if (wait == 0) {
            windows.forEach(window -> window.admit(nowNanos));
        }
        return Duration.ofNanos(wait);
    }

    /** The most calls that any span of each length has held, by the length in seconds. */
    Map<Long, Integer> most() {
        Map<Long, Integer> most = new LinkedHashMap<>();
        windows.forEach(window -> most.put(window.limit.span().toSeconds(), window.most));
        return most;
    }
}
