// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "chatvim/loop/system.hpp"
#include "descriptors_unix.hpp"

extern char** environ;

namespace chatvim::loop {

namespace {

constexpr std::size_t kMostOutput = 64 * 1024;
constexpr std::size_t kMostInput = 4096;
/// Polling interval for a child that still runs after closing its output.
constexpr std::chrono::milliseconds kReapInterval{5};
/// Polling interval for a child that may have ended while a process it started, such as an agent,
/// still holds its output open.
constexpr std::chrono::milliseconds kLookInterval{50};
/// Returns our environment without the given variables.
std::vector<char*> environment_without(const std::vector<std::string>& withheld) {
  std::vector<char*> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const std::string_view name = variable.substr(0, variable.find('='));
    if (std::find(withheld.begin(), withheld.end(), name) == withheld.end())
      variables.push_back(*entry);
  }
  variables.push_back(nullptr);
  return variables;
}

}  // namespace

struct ChildProcess::Impl {
  Loop& loop;
  std::function<void(Result)> on_exit;
  pid_t pid = -1;
  Pipe input;
  Pipe output;
  Pipe error_output;
  Result result;
  int open_streams = 2;
  std::unique_ptr<Watcher> output_watcher;
  std::unique_ptr<Watcher> error_watcher;
  Timer limit;
  Timer reaper;

  Impl(Loop& the_loop, std::function<void(Result)> callback)
      : loop(the_loop),
        on_exit(std::move(callback)),
        limit(the_loop, [this] { time_out(); }),
        reaper(the_loop, [this] { reap(); }) {}

  ~Impl() {
    if (pid > 0) {
      ::kill(-pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }

  int spawn(const std::vector<std::string>& arguments, const std::vector<std::string>& withheld) {
    std::vector<char*> argv;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const std::vector<char*> variables = environment_without(withheld);
    keep_descriptors();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (input.read_end >= 0) {
      posix_spawn_file_actions_adddup2(&actions, input.read_end, STDIN_FILENO);
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    posix_spawn_file_actions_adddup2(&actions, output.write_end, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error_output.write_end, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // Its own process group, so that whatever the command starts is killed with it on timeout.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    const int failed =
        posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), variables.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) pid = -1;
    return failed;
  }

  /// Puts the child's standard input into a pipe, whose buffer holds it. Returns false on failure,
  /// with the reason in `errno`.
  bool give(const std::string& text) {
    if (text.empty()) return true;
    errno = EMSGSIZE;
    if (text.size() > kMostInput || !input.open()) return false;
    const bool done = write_all(input.write_end, text);
    Pipe::close_end(input.write_end);
    return done;
  }

  void watch(std::chrono::milliseconds time_limit) {
    Pipe::close_end(input.read_end);
    output.close_end(output.write_end);
    error_output.close_end(error_output.write_end);
    watch_stream(output.read_end, output_watcher, result.output);
    watch_stream(error_output.read_end, error_watcher, result.error_output);
    limit.start(time_limit);
    reaper.start(kLookInterval);
  }

  void watch_stream(int fd, std::unique_ptr<Watcher>& watcher, std::string& text) {
    set_nonblocking(fd);
    watcher = std::make_unique<Watcher>(loop, fd, [this, fd, &watcher, &text] {
      if (read_stream(fd, text) != Transfer::kClosed) return;
      watcher->want_read(false);
      if (--open_streams == 0) reap();
    });
  }

  static Transfer read_stream(int fd, std::string& text) {
    std::array<char, 4096> buffer;
    std::size_t count = 0;
    const Transfer transfer = read_some(fd, buffer.data(), buffer.size(), count);
    if (transfer == Transfer::kDone) {
      text.append(buffer.data(), std::min(count, kMostOutput - text.size()));
    }
    return transfer;
  }

  /// Reads what the child wrote before it ended. Bounded, because another process that holds its
  /// output may write forever.
  static void read_rest(int fd, std::string& text) {
    for (std::size_t read = 0; read <= kMostOutput; read += 4096) {
      if (read_stream(fd, text) != Transfer::kDone) return;
    }
  }

  void time_out() {
    result.timed_out = true;
    ::kill(-pid, SIGKILL);
    reap();
  }

  void reap() {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == 0) {
      reaper.start(open_streams == 0 || result.timed_out ? kReapInterval : kLookInterval);
      return;
    }
    pid = -1;
    limit.stop();
    read_rest(output.read_end, result.output);
    read_rest(error_output.read_end, result.error_output);
    // Both the end of its streams and the timeout may have started it.
    reaper.stop();
    result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    output_watcher->want_read(false);
    error_watcher->want_read(false);
    // The callback may destroy this object, so nothing of it is used after the call.
    auto callback = std::move(on_exit);
    callback(std::move(result));
  }
};

ChildProcess::ChildProcess(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ChildProcess::~ChildProcess() = default;

chatvim::Result<std::unique_ptr<ChildProcess>> ChildProcess::start(
    Loop& loop, const std::vector<std::string>& arguments, std::chrono::milliseconds limit,
    std::function<void(Result)> on_exit, const std::vector<std::string>& withheld,
    const std::string& input) {
  if (arguments.empty()) {
    return tl::unexpected(Error{ErrorCode::kBadArguments, "The command is empty."});
  }
  auto impl = std::make_unique<Impl>(loop, std::move(on_exit));
  if (!impl->output.open() || !impl->error_output.open() || !impl->give(input)) {
    return tl::unexpected(Error{ErrorCode::kInternal, std::strerror(errno)});
  }
  if (const int failed = impl->spawn(arguments, withheld); failed != 0) {
    return tl::unexpected(Error{ErrorCode::kInternal, std::strerror(failed)});
  }
  impl->watch(limit);
  return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(impl)));
}

}  // namespace chatvim::loop
