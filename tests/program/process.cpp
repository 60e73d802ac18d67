// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace chatvim::testing {

namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    for (const int fd : ends) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    read_end = ends[0];
    write_end = ends[1];
  }
};

void close_end(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Process::Process(const Command& command) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe in;
  Pipe out;
  Pipe err;
  auto arguments = command.arguments;
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  const auto argv = pointers(arguments);
  const auto envp = pointers(variables);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no child process");
  if (pid_ == 0) {
    // Only async-signal-safe calls are allowed between fork and exec.
    ::signal(SIGPIPE, SIG_DFL);
    ::dup2(in.read_end, STDIN_FILENO);
    ::dup2(out.write_end, STDOUT_FILENO);
    ::dup2(err.write_end, STDERR_FILENO);
    if (command.folder.empty() || ::chdir(command.folder.c_str()) == 0) {
      ::execve(argv[0], argv.data(), envp.data());
    }
    ::_exit(127);
  }
  close_end(in.read_end);
  close_end(out.write_end);
  close_end(err.write_end);
  input_ = in.write_end;
  output_end_ = out.read_end;
  error_end_ = err.read_end;
  for (const int fd : {input_, output_end_, error_end_}) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
  }
}

Process::~Process() {
  if (!has_exited()) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  close_end(input_);
  close_end(output_end_);
  close_end(error_end_);
}

void Process::end_input() { end_input_ = true; }

void Process::close_input() { close_end(input_); }

void Process::signal(int number) const { ::kill(pid_, number); }

void Process::wait_until(const std::function<bool()>& done, std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (!done()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      throw std::runtime_error(fmt::format("waited in vain; output:\n{}\nerrors:\n{}",
                                           output_.substr(0, 4000), errors_.substr(0, 4000)));
    }
    turn(left);
  }
}

void Process::wait_until_sent() {
  const auto deadline = Clock::now() + kLimit;
  while (!unsent_.empty() && Clock::now() < deadline) {
    pollfd waiting{input_, POLLOUT, 0};
    ::poll(&waiting, 1, 1000);
    if (waiting.revents != 0) write_some();
  }
  if (!unsent_.empty()) throw std::runtime_error("the program does not read its input");
}

int Process::wait(std::chrono::milliseconds limit) {
  const auto streams_closed = [this] { return output_end_ < 0 && error_end_ < 0; };
  wait_until([&] { return streams_closed() && has_exited(); }, limit);
  return exit_code_;
}

bool Process::has_exited() {
  if (exit_code_ >= 0) return true;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
  exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

void Process::turn(std::chrono::milliseconds limit) {
  if (unsent_.empty() && end_input_) close_end(input_);
  std::array<pollfd, 3> waiting{
      {{output_end_, POLLIN, 0}, {error_end_, POLLIN, 0}, {-1, POLLOUT, 0}}};
  if (!unsent_.empty()) waiting[2].fd = input_;
  // No descriptor signals the child's exit or files that it writes, so poll for them too.
  constexpr std::chrono::milliseconds kMost{5};
  ::poll(waiting.data(), waiting.size(), static_cast<int>(std::min(limit, kMost).count()));
  if (waiting[0].revents != 0) read_from(output_end_, output_);
  if (waiting[1].revents != 0) read_from(error_end_, errors_);
  if (waiting[2].revents != 0) write_some();
}

void Process::read_from(int& fd, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(fd, buffer.data(), buffer.size());
  if (count > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    close_end(fd);
  }
}

void Process::write_some() {
  const ssize_t count = ::write(input_, unsent_.data(), unsent_.size());
  if (count > 0) {
    unsent_.erase(0, static_cast<std::size_t>(count));
  } else if (errno != EAGAIN && errno != EINTR) {
    unsent_.clear();
    close_end(input_);
  }
}

}  // namespace chatvim::testing
