// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "chatvim/loop/duplex_process.hpp"
#include "chatvim/loop/system.hpp"
#include "descriptors_unix.hpp"
#include "guard_unix.hpp"
#include "signal_pipe_unix.hpp"
#include "spawn_unix.hpp"

namespace chatvim::loop {

namespace {

/// Most bytes read or written for one stream in one iteration of the loop.
constexpr std::size_t kMostAtOnce = 64 * 1024;
/// Most bytes read of what a process wrote before it ended. Bounded, because another process that
/// holds its output may write forever; a pipe holds no more, unless its user enlarged it.
constexpr std::size_t kMostRest = 1024 * 1024;
/// The wait between closing a process's input, SIGTERM and SIGKILL.
constexpr std::chrono::seconds kGrace{2};
/// Polling interval for a group whose leader has ended.
constexpr std::chrono::milliseconds kGroupLook{20};
/// How long a process whose output ended may take to end itself, until its end is reported without
/// its exit code.
constexpr std::chrono::milliseconds kSilence{250};
/// Polling interval at the end of the program, and how often.
constexpr int kEndLookMilliseconds = 10;
constexpr int kEndLooks = 50;

constexpr int kUnknownExit = -1;

}  // namespace

/// Lives on in the loop after its owner is gone, until the whole group has ended.
struct DuplexProcess::Impl {
  enum class Stage {
    kRuns,
    kInputClosed,  ///< SIGTERM comes next
    kTerminated,   ///< SIGKILL comes next
    kGone          ///< the group is gone or killed, and its leader reaped
  };

  Loop& loop;
  ProcessHandler* handler;
  pid_t group = -1;
  bool leader_ended = false;
  int exit_code = kUnknownExit;
  Stage stage = Stage::kRuns;
  std::string queue;
  std::size_t written = 0;  ///< bytes of `queue` that have been written
  Pipe input;
  Pipe output;
  Pipe error_output;
  // Watchers are only there while they have something to do: a pipe whose other end is closed is
  // ready all the time, whatever is wanted of it.
  std::unique_ptr<Watcher> input_watcher;
  std::unique_ptr<Watcher> output_watcher;
  std::unique_ptr<Watcher> error_watcher;
  std::unique_ptr<Watcher> child_watcher;
  Timer grace;
  Timer look;
  Timer silence;

  Impl(Loop& the_loop, ProcessHandler& the_handler)
      : loop(the_loop),
        handler(&the_handler),
        grace(the_loop, [this] { next_stage(); }),
        look(the_loop, [this] { look_at_group(); }),
        silence(the_loop, [this] { tell_end(); }) {
    all().push_back(this);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    kill_now();
    std::erase(all(), this);
  }

  /// All of this program, in all loops.
  static std::vector<Impl*>& all() {
    static std::vector<Impl*> processes;
    return processes;
  }

  Result<void> start(const ProcessOptions& options) {
    // Whoever watches it looks whether it was their own child.
    const int child = signal_pipe(SIGCHLD, SA_RESTART | SA_NOCLDSTOP);
    if (child < 0 || !input.open() || !output.open() || !error_output.open()) {
      return tl::unexpected(Error{ErrorCode::kInternal, std::strerror(errno)});
    }
    auto pid = spawn(options, {input.read_end, output.write_end, error_output.write_end});
    if (!pid) return tl::unexpected(pid.error());
    group = *pid;
    Pipe::close_end(input.read_end);
    Pipe::close_end(output.write_end);
    Pipe::close_end(error_output.write_end);
    for (const int fd : {input.write_end, output.read_end, error_output.read_end}) {
      set_nonblocking(fd);
    }
    output_watcher = std::make_unique<Watcher>(loop, output.read_end, [this] { read_output(); });
    error_watcher =
        std::make_unique<Watcher>(loop, error_output.read_end, [this] { read_error_output(); });
    child_watcher = std::make_unique<Watcher>(loop, child, [this, child] {
      clear_signal_pipe(child);
      look_at_leader();
    });
    return {};
  }

  void read_output() {
    if (read_once(output.read_end, &ProcessHandler::on_output) != Transfer::kClosed) return;
    output_watcher.reset();
    look_at_leader();
    if (!leader_ended && stage == Stage::kRuns) {
      // It is ending, or says nothing more and is of no use.
      end();
      silence.start(kSilence);
    }
  }

  void read_error_output() {
    if (read_once(error_output.read_end, &ProcessHandler::on_error_output) == Transfer::kClosed) {
      error_watcher.reset();
    }
  }

  Transfer read_once(int fd, void (ProcessHandler::*on_bytes)(std::string_view)) {
    static std::array<char, kMostAtOnce> buffer;  // one thread, and no callback reads again
    std::size_t count = 0;
    const Transfer transfer = read_some(fd, buffer.data(), buffer.size(), count);
    if (transfer == Transfer::kDone && handler) (handler->*on_bytes)({buffer.data(), count});
    return transfer;
  }

  void read_rest(int fd, void (ProcessHandler::*on_bytes)(std::string_view)) {
    for (std::size_t read = 0; handler && read < kMostRest; read += kMostAtOnce) {
      if (read_once(fd, on_bytes) != Transfer::kDone) return;
    }
  }

  void write_queue() {
    const std::string_view rest = std::string_view(queue).substr(written);
    std::size_t count = 0;
    const Transfer transfer = write_some(input.write_end, rest.substr(0, kMostAtOnce), count);
    written += count;
    // The end of the process is reported by its other streams.
    if (transfer == Transfer::kClosed || written == queue.size()) {
      queue.clear();
      written = 0;
    } else if (written > kMostAtOnce * 16) {
      queue.erase(0, std::exchange(written, 0));
    }
    if (queue.empty()) input_watcher.reset();
  }

  void write(std::string_view bytes) {
    if (stage != Stage::kRuns || bytes.empty()) return;
    queue.append(bytes);
    if (input_watcher) return;
    input_watcher =
        std::make_unique<Watcher>(loop, input.write_end, nullptr, [this] { write_queue(); });
    input_watcher->want_write(true);
  }

  void close_input() {
    input_watcher.reset();
    Pipe::close_end(input.write_end);
    queue.clear();
    written = 0;
  }

  /// Starts to end the process and its group.
  void end() {
    if (stage != Stage::kRuns) return;
    stage = Stage::kInputClosed;
    close_input();
    grace.start(kGrace);
  }

  void next_stage() {
    if (stage == Stage::kInputClosed) {
      stage = Stage::kTerminated;
      ::kill(-group, SIGTERM);
      grace.start(kGrace);
    } else if (stage == Stage::kTerminated) {
      finish();
    }
  }

  void look_at_leader() {
    int status = 0;
    if (stage == Stage::kGone || leader_ended || ::waitpid(group, &status, WNOHANG) <= 0) return;
    leader_ended = true;
    exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    child_watcher.reset();
    read_rest(error_output.read_end, &ProcessHandler::on_error_output);
    read_rest(output.read_end, &ProcessHandler::on_output);
    output_watcher.reset();
    error_watcher.reset();
    // What it started and left behind. The group's number is not used again while one of it lives.
    close_input();
    if (stage != Stage::kTerminated) {
      stage = Stage::kInputClosed;
      next_stage();
    }
    look_at_group();
    tell_end();
  }

  /// Whether any of the group is left; reaps its leader.
  bool is_left() {
    if (stage == Stage::kGone) return false;
    if (!leader_ended && ::waitpid(group, nullptr, WNOHANG) > 0) leader_ended = true;
    return !leader_ended || ::kill(-group, 0) == 0;
  }

  void look_at_group() {
    if (::kill(-group, 0) == 0) {
      look.start(kGroupLook);
    } else {
      finish();
    }
  }

  /// The last stage; the loop need not own this object any longer.
  void finish() {
    kill_now();
    loop.release(this);
  }

  void kill_now() {
    if (stage == Stage::kGone || group < 0) return;
    stage = Stage::kGone;
    grace.stop();
    look.stop();
    silence.stop();
    ::kill(-group, SIGKILL);
    if (!std::exchange(leader_ended, true)) ::waitpid(group, nullptr, 0);
    forget_group(group);
    child_watcher.reset();
    output_watcher.reset();
    error_watcher.reset();
    close_input();
  }

  /// Last, because the handler may drop the owner.
  void tell_end() {
    if (ProcessHandler* const last = std::exchange(handler, nullptr)) last->on_end(exit_code);
  }
};

DuplexProcess::DuplexProcess(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

DuplexProcess::~DuplexProcess() {
  impl_->handler = nullptr;
  impl_->end();
}

Result<std::unique_ptr<DuplexProcess>> DuplexProcess::start(Loop& loop,
                                                            const ProcessOptions& options,
                                                            ProcessHandler& handler) {
  auto impl = std::make_shared<Impl>(loop, handler);
  if (auto started = impl->start(options); !started) return tl::unexpected(started.error());
  // From the start, so that no callback destroys it.
  loop.keep(impl);
  return std::unique_ptr<DuplexProcess>(new DuplexProcess(std::move(impl)));
}

void DuplexProcess::write(std::string_view bytes) { impl_->write(bytes); }

std::size_t DuplexProcess::queued() const { return impl_->queue.size() - impl_->written; }

void DuplexProcess::end_all() {
  const std::vector<Impl*>& processes = Impl::all();
  for (Impl* process : processes) {
    if (process->stage == Impl::Stage::kGone) continue;
    process->handler = nullptr;
    process->close_input();
    ::kill(-process->group, SIGTERM);
  }
  // They end together rather than one after the other.
  const auto any_left = [&processes] {
    return std::any_of(processes.begin(), processes.end(),
                       [](Impl* process) { return process->is_left(); });
  };
  for (int i = 0; i < kEndLooks && any_left(); ++i) ::poll(nullptr, 0, kEndLookMilliseconds);
  for (Impl* process : processes) process->kill_now();
}

void end_processes() { DuplexProcess::end_all(); }

}  // namespace chatvim::loop
