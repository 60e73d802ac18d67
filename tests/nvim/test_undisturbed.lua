-- SPDX-License-Identifier: Apache-2.0
-- An answer changes no state of the user's (B12).
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Returns everything that a user may have set, as one table.
local STATE = [[
  local state = { options = {}, registers = {}, maps = {} }
  for name, info in pairs(vim.api.nvim_get_all_options_info()) do
    local ok, value = pcall(vim.api.nvim_get_option_value, name, {})
    state.options[name] = ok and value or nil
    if info.scope ~= "global" then
      ok, value = pcall(vim.api.nvim_get_option_value, name, { scope = "global" })
      state.options["global " .. name] = ok and value or nil
    end
  end
  for name in ('"0123456789abcxyz-*+.:/%#=_'):gmatch(".") do
    state.registers[name] = vim.fn.getreginfo(name)
  end
  state.marks = { vim.fn.getmarklist(), vim.fn.getmarklist(vim.api.nvim_get_current_buf()) }
  state.jumps = vim.fn.getjumplist()
  state.changes = vim.fn.getchangelist()
  state.search = { vim.fn.getreg("/"), vim.v.searchforward, vim.v.hlsearch }
  for _, mode in ipairs({ "n", "i", "v", "x", "s", "o", "c", "t" }) do
    state.maps[mode] = { vim.api.nvim_get_keymap(mode), vim.api.nvim_buf_get_keymap(0, mode) }
    for _, list in ipairs(state.maps[mode]) do
      for _, map in ipairs(list) do
        map.callback = map.callback and "function"
      end
    end
  end
  state.directory = vim.fn.getcwd()
  state.windows = vim.fn.winlayout()
  state.alternate = vim.fn.bufnr("#")
  state.lastcmd = vim.fn.histget("cmd")
  state.quickfix = vim.fn.getqflist()
  state.argument = vim.fn.argv()
  state.errmsg = vim.v.errmsg
  return state
]]

local CHAT = "# One\n\nalpha beta\n\ngamma delta\n\nQ"

--- Removes options that any added text changes, whoever adds it.
local function without_own(state)
  state.options.modified = nil
  return state
end

--- Starts a child in which everything is set.
local function busy_child()
  local child = case.child()
  child:chat("other\n", "other.md")
  child:chat(CHAT)
  child:command("silent normal! gg/alpha\rwyiwmaGmb3GmAddP")
  child:command("silent 5normal! x")
  child:command("silent normal! u")
  child:command([[silent let @x = "mine\n" | let @/ = "beta" | let v:searchforward = 0]])
  child:command(
    "let @q = 'abc' | set hlsearch nowrapscan | setlocal wrap textwidth=40 undolevels=500"
  )
  child:command("nnoremap <Leader>zz :echo 1<CR>")
  child:command("lua vim.bo.undolevels = 77")
  return child
end

T["options, registers, marks, jumps, changes, search and maps stay as they are"] = function()
  local child = busy_child()
  for index, keys in ipairs({ "3G", "G$" }) do
    child:feed(keys)
    local before = without_own(child:lua(STATE))
    case.standin:script({ replies.gated({ "one", "\ntwo\nthree", "\n\nfour" }) })
    child:command("ChatvimComplete")
    for number, piece in ipairs({ "one", "three", "four" }) do
      child:wait_text(piece)
      case.standin:release(number < 3 and "g" .. number or "end")
    end
    child:wait_end(index)
    child:sync()
    local after = without_own(child:lua(STATE))
    for name, value in pairs(before) do
      eq({ name, after[name] }, { name, value })
    end
    eq(#vim.tbl_keys(after), #vim.tbl_keys(before))
  end
end

T["a stopped and a failed answer change nothing either"] = function()
  local child = busy_child()
  local before = without_own(child:lua(STATE))
  case.standin:script({
    { status = 400, json = { error = { message = "no" } } },
    replies.hanging("x"),
  })
  eq(child:complete().outcome, "error")
  child:command("ChatvimComplete")
  child:wait_text("\nx")
  child:command("ChatvimStop")
  child:wait_end(2)
  child:sync()
  local after = without_own(child:lua(STATE))
  for name, value in pairs(before) do
    eq({ name, after[name] }, { name, value })
  end
end

local TEXT = [[
- a list item that is much longer than forty columns, so that 'textwidth' would break it
  - a nested one with trailing space~~
/* a comment that 'formatoptions' would continue */
	tab and	tabs
> quote
1. number

```c
  int x; // another
```
    (((autopairs''' "" end]]
-- A placeholder, since no line of the source may end with a space.
TEXT = TEXT:gsub("~", " ")

T["the text is exactly the server's, whatever options are set for typing"] = function()
  local child = case.child()
  child:chat("Q")
  child:lua([[
    vim.o.paste = true
    vim.o.textwidth, vim.o.wrapmargin, vim.o.virtualedit = 40, 10, "all"
    vim.opt_local.textwidth = 40
    vim.opt_local.formatoptions:append("atcro")
    vim.opt_local.autoindent, vim.opt_local.smartindent, vim.opt_local.cindent = true, true, true
    vim.opt_local.expandtab = true
    vim.opt_local.indentexpr = "8"
    vim.cmd("inoremap ( ()<Left>")
    vim.cmd("iabbrev number NUMBER")
    _G.fired = {}
    vim.api.nvim_create_autocmd({ "InsertCharPre", "InsertEnter", "InsertLeave" }, {
      callback = function(event)
        vim.v.char = "X"
        table.insert(_G.fired, event.event)
      end,
    })
    vim.api.nvim_create_autocmd("TextChangedI", {
      callback = function() table.insert(_G.fired, "TextChangedI") end,
    })
  ]])
  case.standin:script({ replies.answer(TEXT) })
  child:complete()
  eq(child:text(), case.answered("Q", TEXT))
  eq(child:lua("return _G.fired"), {})
end

T["in insert mode too the text is exactly the server's"] = function()
  local child = case.child()
  child:chat("Q")
  child:command("setlocal textwidth=40 formatoptions+=atcro virtualedit=all cindent")
  child:command("autocmd InsertCharPre * let v:char = 'X'")
  child:type("ggI")
  wait.until_true("insert mode", function()
    return child:api("nvim_get_mode").mode == "i"
  end)
  case.standin:script({ replies.answer(TEXT) })
  child:lua("require('chatvim').complete()")
  child:wait_end()
  eq(child:text(), case.answered("Q", TEXT))
  eq(child:api("nvim_get_mode").mode, "i")
end

T["no message needs Enter, however long; :messages has all of it"] = function()
  local long = ("A very long reason why it does not work. "):rep(30)
  for _, setting in ipairs({
    "set cmdheight=1",
    "set cmdheight=0",
    "set columns=40",
    "set laststatus=0",
  }) do
    local child = case.child({ screen = true })
    child:command(setting)
    case.standin:script({ { status = 400, json = { error = { message = long .. "THE END" } } } })
    child:chat("Q")
    child:complete()
    wait.until_true("the message", function()
      return child:messages():gsub("%s+", " "):find("THE END", 1, true)
    end)
    views.screen(child)
    eq({ setting, child:api("nvim_get_mode") }, { setting, { mode = "n", blocking = false } })
    local messages = child:messages():gsub("%s+", " ")
    case.expect_part(messages, "THE END")
    local _, count = messages:gsub("THE END", "")
    eq({ setting, count }, { setting, 1 })
    child:stop()
    case.standin:reset()
  end
end

T["no message of a typed command needs Enter with 'cmdheight' 0"] = function()
  local child = case.child({ screen = true })
  child:command("set cmdheight=0")
  child:chat("Q")
  for command, message in pairs({
    ["ChatvimStop"] = "chatvim: no answer is being written",
    ["ChatvimNew nowhere"] = 'chatvim: "nowhere" is neither a direction',
  }) do
    child:type(":" .. command .. "<CR>")
    wait.until_true(message, function()
      local screen = views.screen_as_it_is(child)
      return vim.startswith(screen[#screen], message)
    end)
    eq(child:api("nvim_get_mode"), { mode = "n", blocking = false })
  end
end

T["a message that arrives while a command line is typed does not disturb it"] = function()
  local child = case.child({ screen = true })
  case.standin:script({
    {
      steps = {
        { head = true },
        { wait = "go" },
        { event = { error = { message = ("it broke "):rep(40) } } },
      },
    },
  })
  child:chat("Q")
  child:command("ChatvimComplete")
  case.standin:wait("waiting=go")
  child:type(":echo 'half")
  wait.until_true("the command line", function()
    return child:lua("return vim.fn.getcmdline()") == "echo 'half"
  end)
  -- The status line and everything below it, without the progress mark, which disappears.
  local before = vim.list_slice(views.screen_as_it_is(child), 3)
  case.standin:release("go")
  child:wait_end()
  eq(child:api("nvim_get_mode"), { mode = "c", blocking = false })
  eq(child:lua("return vim.fn.getcmdline()"), "echo 'half")
  local screen = views.screen_as_it_is(child)
  eq(vim.trim(screen[#screen]), ":echo 'half")
  eq(vim.list_slice(screen, 3), before)
  child:type("<Esc>")
  wait.until_true("the message", function()
    return child:messages():find("it broke", 1, true)
  end)
  eq(child:api("nvim_get_mode").blocking, false)
end

T["default keys: only in markdown, only where they are free, none with keys = false"] = function()
  local function keys(child)
    return child:lua([[
      local found = {}
      for _, lhs in ipairs({ "\\cvc", "\\cvs" }) do
        found[lhs] = vim.fn.maparg(lhs, "n")
      end
      return found
    ]])
  end
  local both = { ["\\cvc"] = "<Plug>(chatvim-complete)", ["\\cvs"] = "<Plug>(chatvim-stop)" }
  local none = { ["\\cvc"] = "", ["\\cvs"] = "" }
  local child = case.child()
  eq(keys(child), none)
  child:chat("Q")
  eq(keys(child), both)
  files.write(child.folder .. "/a.txt", "")
  child:command("edit a.txt")
  eq(keys(child), none)

  local mapped = case.child({ commands = { "nnoremap <Leader>cvc :echo 'mine'<CR>" } })
  mapped:chat("Q")
  eq(keys(mapped), { ["\\cvc"] = ":echo 'mine'<CR>", ["\\cvs"] = "<Plug>(chatvim-stop)" })

  local prefix = case.child({ commands = { "nnoremap <Leader>cv :echo 'mine'<CR>" } })
  prefix:chat("Q")
  eq(keys(prefix), none)

  -- As with a plugin manager: the plugin is loaded while a chat is open, then setup() runs.
  local late = case.child()
  late:chat("Q")
  late:command("nnoremap <buffer> <Leader>cvs :echo 'mine'<CR>")
  late:command("lua require('chatvim').setup({ keys = false })")
  eq(keys(late), { ["\\cvc"] = "", ["\\cvs"] = ":echo 'mine'<CR>" })
  eq(late:lua("return #vim.api.nvim_buf_get_keymap(0, 'o')"), 0)
  late:command("lua require('chatvim').setup({})")
  eq(keys(late), { ["\\cvc"] = both["\\cvc"], ["\\cvs"] = ":echo 'mine'<CR>" })

  local off = case.child({ options = { keys = false } })
  off:chat("# === USER ===\n\nQ")
  eq(keys(off), none)
  case.standin:script({ replies.answer("A") })
  off:feed(":nmap <F6> <lt>Plug>(chatvim-complete)<CR><F6>")
  eq(off:wait_end().outcome, "done")
end

return T
