package io.tidemark.cachewriter.redis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.redisson.client.codec.BaseCodec;
import org.redisson.client.protocol.Decoder;
import org.redisson.client.protocol.Encoder;

/** Bytes as they are, without a copy, and texts as UTF-8; what comes back is bytes. Thread-safe. */
final class RawCodec extends BaseCodec {
    static final RawCodec INSTANCE = new RawCodec();

    private static final Encoder ENCODER = value -> Unpooled.wrappedBuffer(
            value instanceof byte[] bytes ? bytes : value.toString().getBytes(StandardCharsets.UTF_8));
    private static final Decoder<Object> DECODER = RawCodec::bytesOf;

    private RawCodec() {}

    @Override
    public Decoder<Object> getValueDecoder() {
        return DECODER;
    }

    @Override
    public Encoder getValueEncoder() {
        return ENCODER;
    }

    private static Object bytesOf(ByteBuf buffer, Object state) {
        return ByteBufUtil.getBytes(buffer);
    }
}
