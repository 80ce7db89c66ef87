// The same controller in the suite that operators' projects have: envtest with an existing cluster, and beside it a plain
// client-go program with shared informers.
package main

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"keelson.dev/conformance/controller/gadget"
)

func startEnvironment(t *testing.T) *rest.Config {
	t.Helper()
	existing := true
	environment := &envtest.Environment{UseExistingCluster: &existing, CRDDirectoryPaths: []string{"crd.yaml"}, ErrorIfCRDPathMissing: true}
	config, err := environment.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = environment.Stop() })
	return config
}

func eventually(t *testing.T, what string, holds func(context.Context) (bool, error)) {
	t.Helper()
	if err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, 30*time.Second, true, holds); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestReconcilerUnderEnvtest(t *testing.T) {
	config := startEnvironment(t)
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, gadget.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	mgr, err := ctrl.NewManager(config, ctrl.Options{Scheme: scheme, Metrics: metricsserver.Options{BindAddress: "0"}})
	if err != nil {
		t.Fatal(err)
	}
	reconciler := &gadget.Reconciler{Client: mgr.GetClient(), Events: mgr.GetEventRecorder(gadget.Manager)}
	if err := reconciler.SetupWithManager(mgr); err != nil {
		t.Fatal(err)
	}
	go func() { _ = mgr.Start(t.Context()) }()

	c := mgr.GetClient()
	g := &gadget.Gadget{Spec: gadget.Spec{Image: "registry.example/gadget:1", Replicas: 2}}
	g.Name, g.Namespace = "tested", "default"
	if err := c.Create(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	key := types.NamespacedName{Namespace: "default", Name: "tested"}
	eventually(t, "the gadget is ready", func(ctx context.Context) (bool, error) {
		var read gadget.Gadget
		err := c.Get(ctx, key, &read)
		return err == nil && meta.IsStatusConditionTrue(read.Status.Conditions, "Ready"), nil
	})
	if err := c.Delete(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the gadget is gone", func(ctx context.Context) (bool, error) {
		var read gadget.Gadget
		return apierrors.IsNotFound(c.Get(ctx, key, &read)), nil
	})
}

// queries remembers what was asked.
type queries struct {
	http.RoundTripper
	sync.Mutex
	asked []string
}

func (q *queries) RoundTrip(request *http.Request) (*http.Response, error) {
	q.Lock()
	q.asked = append(q.asked, request.URL.RawQuery)
	q.Unlock()
	return q.RoundTripper.RoundTrip(request)
}

func (q *queries) contain(text string) bool {
	q.Lock()
	defer q.Unlock()
	return strings.Contains(strings.Join(q.asked, "\n"), text)
}

func TestSharedInformers(t *testing.T) {
	config := rest.CopyConfig(startEnvironment(t))
	config.ContentType = runtime.ContentTypeProtobuf
	seen := &queries{}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { seen.RoundTripper = next; return seen })
	clientset := kubernetes.NewForConfigOrDie(config)
	factory := informers.NewSharedInformerFactory(clientset, 0)
	nodes, configMaps := factory.Core().V1().Nodes(), factory.Core().V1().ConfigMaps()
	deleted := make(chan string, 100)
	if _, err := configMaps.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		DeleteFunc: func(object any) { deleted <- object.(*corev1.ConfigMap).Name },
	}); err != nil {
		t.Fatal(err)
	}
	nodes.Informer()
	factory.Start(t.Context().Done())
	for kind, synced := range factory.WaitForCacheSync(t.Context().Done()) {
		if !synced {
			t.Fatalf("%v never synced", kind)
		}
	}
	if !seen.contain("sendInitialEvents=true") {
		t.Error("the informers listed instead of streaming the list")
	}
	client := clientset.CoreV1().ConfigMaps("default")
	note := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "informed"}, Data: map[string]string{"a": "1"}}
	if _, err := client.Create(t.Context(), note, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the informer has it", func(context.Context) (bool, error) {
		found, err := configMaps.Lister().ConfigMaps("default").Get("informed")
		return err == nil && found.Data["a"] == "1", nil
	})
	if err := client.Delete(t.Context(), "informed", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	for name := range deleted {
		if name == "informed" {
			return
		}
	}
}
