// SPDX-License-Identifier: Apache-2.0
#include "restored_on_signal_unix.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <iterator>

namespace chatvim::loop {

namespace {

/// Signals that end a program by default and leave its terminal as it is.
constexpr int kEnding[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2,
                           SIGXCPU, SIGABRT, SIGSEGV, SIGBUS,  SIGFPE,  SIGILL};

/// What a signal handler may use.
termios g_modes{};
int g_terminal = -1;
int g_output = -1;
std::string_view g_leave;
volatile sig_atomic_t g_is_changed = 0;
std::array<struct sigaction, std::size(kEnding)> g_old{};

extern "C" void restore_and_end(int number) {
  // In the background the terminal belongs to another program.
  if (g_is_changed != 0 && ::tcgetpgrp(g_terminal) == ::getpgrp()) {
    ::tcsetattr(g_terminal, TCSANOW, &g_modes);
    if (!g_leave.empty()) {
      [[maybe_unused]] const ssize_t put = ::write(g_output, g_leave.data(), g_leave.size());
    }
  }
  std::signal(number, SIG_DFL);
  ::raise(number);
}

}  // namespace

RestoredOnSignal::RestoredOnSignal(int terminal, const termios& found, int screen,
                                   std::string_view leave) {
  g_modes = found;
  g_terminal = terminal;
  g_output = screen;
  g_leave = leave;
  g_is_changed = 0;
  struct sigaction action {};
  action.sa_handler = restore_and_end;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < g_old.size(); ++i) {
    sigaction(kEnding[i], nullptr, &g_old[i]);
    if (g_old[i].sa_handler != SIG_IGN) sigaction(kEnding[i], &action, nullptr);
  }
}

RestoredOnSignal::~RestoredOnSignal() {
  for (std::size_t i = 0; i < g_old.size(); ++i) sigaction(kEnding[i], &g_old[i], nullptr);
}

void RestoredOnSignal::set_changed(bool is_changed) { g_is_changed = is_changed ? 1 : 0; }

}  // namespace chatvim::loop
