// SPDX-License-Identifier: Apache-2.0
#include "spawn_unix.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "chatvim/loop/system.hpp"
#include "descriptors_unix.hpp"
#include "guard_unix.hpp"

namespace chatvim::loop {

namespace {

constexpr int kExecFailed = 127;

tl::unexpected<Error> failure(std::string clause) {
  return tl::unexpected(Error{ErrorCode::kBadConfig, std::move(clause)});
}

/// Returns the path of the program to execute, or nothing if it is not on PATH.
std::optional<std::string> find_program(const ProcessOptions& options) {
  const std::string& name = options.arguments.front();
  if (name.find('/') != std::string::npos) return name;
  std::string_view path = "/usr/bin:/bin";
  for (const auto& [variable, value] : options.environment) {
    if (variable == "PATH") path = value;
  }
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    const std::string file = std::string(path.substr(0, end)) + "/" + name;
    // An empty or relative entry depends on the working folder, which is no place for a program to
    // come from.
    if (path.starts_with('/') && is_regular_file(file) && ::access(file.c_str(), X_OK) == 0)
      return file;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return std::nullopt;
}

/// Everything that the child needs, made before the fork: after it, only async-signal-safe
/// functions may be called.
struct Plan {
  std::string program;
  std::vector<std::string> variables;
  std::vector<char*> argv;
  std::vector<char*> envp;
  const char* folder = nullptr;
  ChildPipes pipes;
  int guard = -1;
  int failure_pipe = -1;
};

void reset_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Runs in the child. Returns only if something fails, with the reason in `errno`.
void execute(const Plan& plan) {
  ::setpgid(0, 0);
  if (!guard_group(plan.guard, ::getpid())) return;
  if (::dup2(plan.pipes.input, STDIN_FILENO) < 0) return;
  if (::dup2(plan.pipes.output, STDOUT_FILENO) < 0) return;
  if (::dup2(plan.pipes.error_output, STDERR_FILENO) < 0) return;
  if (plan.folder != nullptr && ::chdir(plan.folder) != 0) return;
  reset_signals();
  ::execve(plan.program.c_str(), plan.argv.data(), plan.envp.data());
}

Plan make_plan(const ProcessOptions& options, const ChildPipes& pipes, std::string program) {
  Plan plan;
  plan.program = std::move(program);
  plan.pipes = pipes;
  if (!options.folder.empty()) plan.folder = options.folder.c_str();
  for (const std::string& argument : options.arguments) {
    plan.argv.push_back(const_cast<char*>(argument.c_str()));
  }
  plan.argv.push_back(nullptr);
  for (const auto& [name, value] : options.environment)
    plan.variables.push_back(name + "=" + value);
  for (std::string& variable : plan.variables) plan.envp.push_back(variable.data());
  plan.envp.push_back(nullptr);
  return plan;
}

/// Forks with all signals blocked, so that no handler of ours runs in the child.
pid_t fork_child(const Plan& plan) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) {
    execute(plan);
    const int why = errno;
    [[maybe_unused]] const ssize_t put = ::write(plan.failure_pipe, &why, sizeof why);
    ::_exit(kExecFailed);
  }
  const int why = errno;
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  errno = why;
  return pid;
}

/// Waits until the child has executed the program, or could not: returns `errno` then, else 0.
int wait_for_exec(int failure_pipe) {
  int why = 0;
  ssize_t got = 0;
  do {
    got = ::read(failure_pipe, &why, sizeof why);
  } while (got < 0 && errno == EINTR);
  return got == sizeof why ? why : 0;
}

}  // namespace

Result<pid_t> spawn(const ProcessOptions& options, const ChildPipes& pipes) {
  if (options.arguments.empty() || options.arguments.front().empty()) {
    return failure("the command is empty");
  }
  const auto program = find_program(options);
  if (!program) return failure(options.arguments.front() + " was not found on PATH");
  if (!options.folder.empty() && !is_folder(options.folder)) {
    return failure("its folder " + options.folder + " does not exist");
  }
  Plan plan = make_plan(options, pipes, *program);
  plan.guard = start_guard();
  Pipe failed;
  if (plan.guard < 0 || !failed.open()) return failure(std::strerror(errno));
  plan.failure_pipe = failed.write_end;
  keep_descriptors();
  const pid_t pid = fork_child(plan);
  if (pid < 0) return failure(std::strerror(errno));
  Pipe::close_end(failed.write_end);
  if (const int why = wait_for_exec(failed.read_end); why != 0) {
    ::waitpid(pid, nullptr, 0);
    forget_group(pid);
    return failure(*program + ": " + std::strerror(why));
  }
  remember_group(pid);
  return pid;
}

}  // namespace chatvim::loop
