;;; eglot.el --- `chatvim lsp' driven by Emacs and eglot  -*- lexical-binding: t -*-
;; SPDX-License-Identifier: Apache-2.0
;;; Commentary:
;; scripts/clients.sh runs this in an Emacs with a terminal: eglot reports changes from an idle
;; timer, which a batch Emacs does not run.  CHATVIM_PROGRAM and CHATVIM_STANDIN name the programs,
;; CHATVIM_OUTPUT the file for the results.
;;; Code:

(require 'ert)
(require 'eglot)
(require 'json)
(require 'markdown-mode)
(require 'url)

(defvar chatvim-folder (file-truename (make-temp-file "chatvim-emacs-" t)))
(defvar chatvim-standin nil)
(defvar chatvim-ports nil)
(defvar chatvim-text "+++\nmodel = \"m1\"\n+++\n\n# === USER ===\n\nWhy?\n")

(setq eglot-confirm-server-initiated-edits nil
      eglot-confirm-server-edits nil
      eglot-sync-connect t
      eglot-autoshutdown nil
      create-lockfiles nil
      make-backup-files nil)

(defun chatvim-until (what condition)
  "Let Emacs wait for keys until CONDITION returns non-nil, and return that; WHAT names it.
Idle timers run only while Emacs waits for keys."
  (let ((end (+ (float-time) 20)) (buffer (current-buffer)) result timer)
    (setq timer (run-with-timer
                 0 0.02
                 (lambda ()
                   (setq result (with-current-buffer buffer (funcall condition)))
                   (when (or result (> (float-time) end))
                     (cancel-timer timer)
                     (throw 'exit nil)))))
    (save-current-buffer (recursive-edit))
    (or result (error "Waited in vain for %s" what))))

(defun chatvim-file (name text)
  "Write TEXT to the file NAME, and return its path."
  (let ((path (expand-file-name name chatvim-folder)))
    (make-directory (file-name-directory path) t)
    (with-temp-file path (insert text))
    path))

(defun chatvim-start-standin ()
  "Start the stand-in server, and configure it as a provider."
  (setq chatvim-standin (make-process :name "standin" :buffer (generate-new-buffer "standin")
                                      :connection-type 'pipe :noquery t
                                      :command (list (getenv "CHATVIM_STANDIN"))))
  (setq chatvim-ports
        (chatvim-until "the stand-in server"
                       (lambda ()
                         (with-current-buffer "standin"
                           (goto-char (point-min))
                           (when (re-search-forward
                                  "listening on [^:]+:\\([0-9]+\\)\ncontrol on [^:]+:\\([0-9]+\\)" nil t)
                             (list (match-string 1) (match-string 2)))))))
  (chatvim-file ".config/chatvim/config.md"
                (format "+++
model = \"m1\"
[providers.standin]
base_url = \"http://127.0.0.1:%s/v1\"
models = [\"m1\", \"m2\"]
+++
" (car chatvim-ports))))

(defun chatvim-control (what value)
  "Send VALUE, as JSON, to the control port of the stand-in server; WHAT is script or release."
  (let ((url-request-method "POST")
        (url-request-data (encode-coding-string value 'utf-8)))
    (kill-buffer (url-retrieve-synchronously
                  (format "http://127.0.0.1:%s/_standin/%s" (cadr chatvim-ports) what) t t 10))))

(defun chatvim-command ()
  "Return the command that starts the server."
  (let ((record (getenv "CHATVIM_RECORD")) (program (list (getenv "CHATVIM_PROGRAM") "lsp")))
    (if (member record '(nil "")) program
      (append (list (getenv "CHATVIM_NVIM") "--clean" "-n" "-i" "NONE" "-l"
                    (expand-file-name "record.lua" (file-name-directory load-file-name))
                    (expand-file-name "eglot.md" record)
                    (format "Emacs %s with eglot %s" emacs-version (chatvim-eglot-version)))
              program))))

(defun chatvim-eglot-version ()
  "Return eglot's version."
  (with-temp-buffer
    (insert-file-contents (locate-library "eglot.el" t))
    (if (re-search-forward "^;; Version: \\(.*\\)" nil t) (match-string 1) "")))

(defmacro chatvim-with-chat (text &rest body)
  "Run BODY in the buffer of a chat with TEXT, managed by eglot."
  (declare (indent 1))
  `(let ((path (chatvim-file (format "work/%s.md" (gensym "chat")) ,text)))
     (with-current-buffer (find-file path)
       (unwind-protect
           (progn
             (apply #'eglot--connect (chatvim-contact))
             (chatvim-until "eglot" (lambda () (eglot-managed-p)))
             ,@body)
         (let* ((server (eglot-current-server))
                (process (jsonrpc--process server)))
           (eglot-shutdown server nil 10 t)
           ;; Its exit code is not looked at: jsonrpc kills it right after the notification.
           (chatvim-until "the server's end" (lambda () (not (process-live-p process)))))
         (set-buffer-modified-p nil)
         (kill-buffer)))))

(defun chatvim-contact ()
  "Return what `eglot--connect' needs, as `eglot' guesses it from `eglot-server-programs'."
  (eglot--guess-contact))

(ert-deftest chatvim-completes-and-explains ()
  (chatvim-with-chat "+++\nmodel = \"m1\"\ntemp\ntop_p = 1\n+++\n\n# === USER ===\n\nWhy?\n"
    (goto-char (point-min))
    (search-forward "temp")
    (completion-at-point)
    (should (looking-back "temperature = " (line-beginning-position)))
    (insert "1")
    (search-forward "top_")
    (let* ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover
                                   (eglot--TextDocumentPositionParams)))
           (text (plist-get (plist-get hover :contents) :value)))
      (should (string-match-p "top_p" text)))
    (should (assoc "User: Why?" (chatvim-index)))))

(defun chatvim-index ()
  "Return the symbols of the chat, flat."
  (let (names)
    (cl-labels ((walk (entry)
                  (when (and (consp entry) (stringp (car entry))) (push (list (car entry)) names))
                  (when (consp (cdr-safe entry)) (mapc #'walk (cdr entry)))))
      (mapc #'walk (eglot-imenu)))
    names))

(ert-deftest chatvim-diagnoses ()
  (chatvim-with-chat chatvim-text
    (goto-char (point-min))
    (forward-line 2)
    (insert "temprature = 1\n")
    (let ((found (chatvim-until "a diagnostic" #'flymake-diagnostics)))
      (should (string-match-p "temprature" (flymake-diagnostic-text (car found)))))
    (goto-char (point-min))
    (search-forward "tempra")
    (let ((actions (eglot-code-actions (point) nil "quickfix")))
      (should (cl-some (lambda (action) (string-match-p "temperature" (plist-get action :title)))
                       actions)))))

(ert-deftest chatvim-streams-an-answer ()
  ;; The jsonrpc of Emacs 28 leaves a request unread that comes together with a reply.
  (chatvim-control "script" "[{\"steps\": [{\"wait\": \"go\"}, {\"deltas\": {\"text\": \"word {n} 😀\\n\", \"count\": 90,
                    \"per_second\": 60}}, {\"finish\": \"stop\"}]}]")
  (chatvim-with-chat chatvim-text
    (let ((started (float-time)) times (typed 0))
      (add-hook 'after-change-functions
                (lambda (from to _)
                  (when (string-match-p "word\\|===" (buffer-substring from to))
                    (push (- (float-time) started) times)))
                nil t)
      (eglot-execute-command (eglot-current-server) 'chatvim.complete
                             (vector (plist-get (eglot--TextDocumentIdentifier) :uri)))
      (chatvim-control "release" "{\"name\": \"go\"}")
      (chatvim-until "the first words" (lambda () (string-match-p "word 1" (buffer-string))))
      ;; The user types into the question: Emacs reports it when typing pauses.
      (while (< typed 20)
        (goto-char (point-min))
        (search-forward "Why")
        (insert "y")
        (cl-incf typed)
        (let ((now (buffer-chars-modified-tick)))
          (chatvim-until "more of the answer"
                         (lambda () (or (> typed 3) (/= now (buffer-chars-modified-tick)))))))
      (chatvim-until "the end" (lambda () (string-suffix-p "\n\n# === USER ===\n\n" (buffer-string))))
      (let ((words (mapconcat (lambda (i) (format "word %d 😀" i)) (number-sequence 1 90) "\n"))
            (question (replace-regexp-in-string
                       "Why" (concat "Why" (make-string 20 ?y)) chatvim-text)))
        (should (equal (buffer-string) (concat question "\n# === ASSISTANT ===\n\n" words
                                               "\n\n# === USER ===\n\n"))))
      (setq times (nreverse times))
      (message "streamed: first edit after %.0f ms, %d edits in %.2f s" (* 1000 (car times))
               (length times) (- (car (last times)) (car times))))))

(defun chatvim-run ()
  "Run the tests and leave Emacs with 0 if all passed."
  (let ((code 1))
    (condition-case problem
        (progn
          (setenv "HOME" chatvim-folder)
          (setenv "CHATVIM_CLIENT_FOLDER" chatvim-folder)
          (dolist (name '("XDG_CONFIG_HOME" "XDG_STATE_HOME" "XDG_DATA_HOME" "XDG_CACHE_HOME"))
            (setenv name nil))
          (setq eglot-server-programs `((markdown-mode . ,(chatvim-command))))
          (chatvim-start-standin)
          (message "Emacs %s, eglot %s" emacs-version (chatvim-eglot-version))
          (let ((stats (ert-run-tests-batch "^chatvim-")))
            (setq code (if (= 0 (ert-stats-completed-unexpected stats)) 0 1))))
      (error (message "%s" (error-message-string problem))))
    (when chatvim-standin (delete-process chatvim-standin))
    (with-current-buffer "*Messages*"
      (setq coding-system-for-write 'utf-8-unix)
      (write-region (point-min) (point-max) (getenv "CHATVIM_OUTPUT") nil 'quiet))
    (delete-directory chatvim-folder t)
    (kill-emacs code)))

(chatvim-run)
;;; eglot.el ends here
