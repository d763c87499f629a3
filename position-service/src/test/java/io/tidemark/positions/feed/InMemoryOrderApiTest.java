package io.tidemark.positions.feed;

import java.util.stream.LongStream;

class InMemoryOrderApiTest extends OrderApiContract {
    private final InMemoryOrderApi api = new InMemoryOrderApi();

    InMemoryOrderApiTest() {
        LongStream.rangeClosed(1, ORDERS).forEach(api.store(STORE)::add);
    }

    @Override
    OrderApi api() {
        return api;
    }

    @Override
    void delete(int id) {
        api.store(STORE).remove((long) id);
    }

    @Override
    void add(int howMany) {
        LongStream.rangeClosed(ORDERS + 1, ORDERS + howMany).forEach(api.store(STORE)::add);
    }
}
