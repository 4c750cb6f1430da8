package dev.souk.certification.model;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One process of a service. It crashes and forgets everything, or sleeps and then goes on as if no time had passed; what
 * it does is nothing but what it was told to do by something that reached it.
 */
final class Instance {
    private final World world;
    private final String name;
    private Runnable begin = () -> {};
    private int life = 1;
    private boolean isDown;
    private long asleepUntil;

    /** What a call is answered with by its handler; null for a failure. */
    interface Reply<R> extends Consumer<R> {}

    Instance(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** What it does at the beginning of each life. */
    void begin(Runnable action) {
        begin = action;
        action.run();
    }

    String name() {
        return name;
    }

    int life() {
        return life;
    }

    /** Unique over all that ever ran. */
    String owner() {
        return name + "/" + life;
    }

    void crash(long downtime) {
        if (isDown) {
            return;
        }
        world.saw(Sight.CRASHED);
        world.note(name, () -> "crashes");
        isDown = true;
        life++;
        asleepUntil = 0;
        world.after(downtime, () -> {
            world.note(name, () -> "starts again");
            isDown = false;
            begin.run();
        });
    }

    void sleep(long millis) {
        if (!isDown) {
            world.saw(Sight.SLEPT);
            asleepUntil = Math.max(asleepUntil, Math.min(world.now() + millis, World.FAULTS_END));
            world.note(name, () -> "sleeps until " + asleepUntil / 1000.0);
        }
    }

    /** Goes on with what it was doing in that life; not if it has crashed since, and not before it is awake. */
    void wake(int inLife, Runnable action) {
        if (inLife != life) {
            return;
        }
        if (asleepUntil > world.now()) {
            world.after(asleepUntil - world.now(), () -> wake(inLife, action));
        } else {
            action.run();
        }
    }

    /** Later, in the same life. */
    void later(long millis, Runnable action) {
        int now = life;
        world.after(millis, () -> wake(now, action));
    }

    /** Again and again in the same life, until the end of the world. */
    void tick(long first, long interval, Runnable action) {
        int now = life;
        world.tick(
                first,
                () -> wake(now, () -> {
                    if (!world.isOver()) {
                        action.run();
                        tick(interval, interval, action);
                    }
                }));
    }

    /** Something has come from outside. */
    void receive(Runnable action) {
        if (!isDown) {
            wake(life, action);
        }
    }

    /**
     * Asks another instance. Its answer counts if it comes within the limit, and the first one only.
     *
     * @param handler what the other one does; it answers, then or later, as often as it likes
     */
    <R> void call(
            Instance other,
            Supplier<String> what,
            long limit,
            Consumer<Reply<R>> handler,
            Consumer<R> then,
            Runnable failed) {
        Waiting waiting = new Waiting(life);
        Reply<R> reply = answer -> world.message(
                () -> "the answer to " + what.get(),
                () -> waiting.end(() -> {
                    if (answer == null) {
                        failed.run();
                    } else {
                        then.accept(answer);
                    }
                }));
        world.message(
                what,
                () -> other.receive(() -> {
                    world.note(other.name, what);
                    handler.accept(reply);
                }));
        world.after(
                limit,
                () -> waiting.end(() -> {
                    world.note(name, () -> "no answer to " + what.get());
                    failed.run();
                }));
    }

    private final class Waiting {
        private final int inLife;
        private boolean isOver;

        Waiting(int inLife) {
            this.inLife = inLife;
        }

        void end(Runnable action) {
            wake(inLife, () -> {
                if (!isOver) {
                    isOver = true;
                    action.run();
                }
            });
        }
    }
}
